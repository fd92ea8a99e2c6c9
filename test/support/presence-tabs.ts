import { PAGE_LEFT } from "../../src/protocol/refusals.ts";
import { newCookie, Tab } from "./tab.ts";

/** A new visitor of that name, who has left all pages: the cookie. */
export async function visitorNamed(name: string): Promise<string> {
  const cookie = await newCookie();
  const tab = await Tab.open("/", cookie);
  await tab.call("Visitor#nameQuietly", { args: [name] });
  tab.socket.close(PAGE_LEFT);
  return cookie;
}
