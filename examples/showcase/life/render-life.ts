import type { RegionInput, View } from "edge-reflex";
import type { Env } from "../environment.ts";
import { lifeBoard } from "./life-view.ts";

/** Renders the region of the game: once for each generation, whoever watches. */
export async function renderLife(_name: string, { env }: RegionInput<Env>): Promise<View> {
  return lifeBoard(await env.LIFE.getByName("1").look());
}
