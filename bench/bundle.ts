import { brotliCompressSync } from "node:zlib";
import type { Scenario } from "./scenario.ts";

/** What a page that needs all of the client loads besides what every page does. A log and a network are for developers alone. */
const LATER = ["page", "drafts", "errand", "extras", "operations", "stimulus", "upload"];

/** What a visitor's browser loads of the client, as the Worker serves it: every page, and one that needs all of it. */
export const bundleScenarios: readonly Scenario[] = [
  {
    names: ["client.bundle", "client.everything"],
    measure: async ({ worker }) => {
      const html = await (await fetch(`${worker.origin}/counter`)).text();
      const [, path] = /<script[^>]* src="([^"]*client\.js[^"]*)"/.exec(html) ?? [];
      if (path === undefined) throw new Error(`The page loads no client: ${html.slice(0, 500)}`);
      const bytes = async (name: string) => {
        const url = new URL(path.replace("client.js", `${name}.js`), worker.origin);
        const response = await fetch(url);
        if (!response.ok) throw new Error(`${url.pathname} answered ${response.status}`);
        return brotliCompressSync(await response.bytes()).length;
      };
      const client = await bytes("client");
      const others = await Promise.all(LATER.map(bytes));
      const all = others.reduce((sum, size) => sum + size, client);
      return [
        { name: "client.bundle", value: client, unit: "bytes", bar: { of: "value", most: 9_000 } },
        { name: "client.everything", value: all, unit: "bytes", bar: { of: "value", most: 20_000 } },
      ];
    },
  },
];
