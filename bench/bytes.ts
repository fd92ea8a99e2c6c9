import { gzipSync } from "node:zlib";
import type { Page } from "playwright-core";
import { ATTRIBUTES } from "../src/protocol/names.ts";
import { newVisitor, online } from "../test/support/site.ts";
import { bytesOf, type Exchange, FrameLog } from "./frame-log.ts";
import type { Measurement } from "./report.ts";
import type { Scenario, Surroundings } from "./scenario.ts";

const ROWS = 1_000;
/** Where a list's length could leak into what an insertion sends. */
const OTHER_ROWS = [10, 10_000];

/** One kind of update, with what makes it happen on the page. */
interface Kind {
  readonly name: string;
  readonly act: (page: Page) => Promise<void>;
  readonly bars: { readonly up?: number; readonly down: number };
  /** The text that cannot but travel; the bar for `down` is on top of it. */
  readonly text?: (page: Page) => Promise<string>;
}

const click = (selector: string) => (page: Page) => page.click(selector);

/** Stores what no page shows. */
const UNSEEN = click("#unseen");

const INSERT: Kind = {
  name: "insert",
  act: click("#insert"),
  bars: { down: 80 },
  text: (page) => textOf(page, "#rows tr:first-child td"),
};

const KINDS: readonly Kind[] = [
  { name: "counter", act: click('[data-step="1"]'), bars: { up: 80, down: 32 } },
  { name: "row", act: click('[data-id="500"]'), bars: { up: 96, down: 72 } },
  INSERT,
  { name: "move", act: click("#move"), bars: { down: 72 } },
  { name: "remove", act: click("#remove"), bars: { down: 56 } },
  { name: "nothing", act: UNSEEN, bars: { down: 32 } },
  {
    name: "search",
    act: (page) => page.locator("[type=search]").pressSequentially("o"),
    bars: { up: 120, down: 160 },
    text: (page) => textOf(page, ".result:nth-last-child(-n+2)"),
  },
];

/** What goes over the wire for an update, as whole text frames between our client and the Worker. */
export const bytesScenarios: readonly Scenario[] = [
  ...KINDS.map((kind) => ({
    names: namesOf(kind),
    measure: async (surroundings: Surroundings) => {
      const { exchange, textBytes } = await exchangeOf(surroundings, kind, ROWS);
      return toMeasurements(kind, exchange, textBytes);
    },
  })),
  {
    names: OTHER_ROWS.map((rowCount) => `bytes.insert.down.${rowCount}`),
    measure: (surroundings) =>
      Promise.all(OTHER_ROWS.map((rowCount) => measureInsert(surroundings, rowCount))),
  },
  {
    names: ["bytes.page", "bytes.addresses"],
    measure: ({ worker }) => measurePage(worker.origin),
  },
];

function namesOf({ name, bars }: Kind): readonly string[] {
  return [`bytes.${name}.down`, ...(bars.up === undefined ? [] : [`bytes.${name}.up`])];
}

/** The second update of its kind: the first may bring what later ones need not say again. */
async function exchangeOf({ browser, worker }: Surroundings, { act, text }: Kind, rowCount: number) {
  const { context } = await newVisitor(browser, worker.origin);
  const page = await context.newPage();
  const log = new FrameLog(page);
  await page.goto(`/table?rows=${rowCount}`);
  await online(page);
  await log.during(act);
  const before = await page.content();
  const exchange = await log.during(act);
  if ((await page.content()) === before && act !== UNSEEN)
    throw new Error(`The page stayed as it was: ${exchange.down}`);
  const textBytes = text === undefined ? 0 : Buffer.byteLength(await text(page));
  await context.close();
  return { exchange, textBytes };
}

function toMeasurements(
  { name, bars }: Kind,
  { up, down }: Exchange,
  textBytes: number,
): readonly Measurement[] {
  const [upBytes, downBytes] = [bytesOf(up), bytesOf(down)];
  return [
    {
      name: `bytes.${name}.down`,
      value: downBytes,
      unit: "bytes",
      ...(textBytes === 0 ? {} : { against: `its text, ${textBytes} bytes`, ratio: downBytes / textBytes }),
      bar: { of: "value", most: bars.down + textBytes },
    },
    ...(bars.up === undefined
      ? []
      : [
          {
            name: `bytes.${name}.up`,
            value: upBytes,
            unit: "bytes",
            bar: { of: "value", most: bars.up },
          } as const,
        ]),
  ];
}

/** An insertion at the head of a list of another length, which must not matter. */
async function measureInsert(surroundings: Surroundings, rowCount: number): Promise<Measurement> {
  const { exchange } = await exchangeOf(surroundings, INSERT, rowCount);
  const usual = bytesOf((await exchangeOf(surroundings, INSERT, ROWS)).exchange.down);
  return {
    name: `bytes.insert.down.${rowCount}`,
    value: bytesOf(exchange.down),
    unit: "bytes",
    against: `bytes.insert.down, ${usual} bytes`,
    ratio: bytesOf(exchange.down) / usual,
    bar: { of: "value", most: usual + 4 },
  };
}

/** The page, and how much of what it takes on the wire is there for addresses only. */
async function measurePage(origin: string): Promise<readonly Measurement[]> {
  const html = await (await fetch(`${origin}/table?rows=${ROWS}`)).text();
  const bare = html.replaceAll(new RegExp(` ${ATTRIBUTES.address}="[^"]*"`, "g"), "");
  const [zipped, bareZipped] = [html, bare].map((text) => gzipSync(text, { level: 9 }).length);
  if (zipped === undefined || bareZipped === undefined) throw new Error("The page has no size");
  return [
    { name: "bytes.page", value: Buffer.byteLength(html), unit: "bytes" },
    {
      name: "bytes.addresses",
      value: (100 * (zipped - bareZipped)) / bareZipped,
      unit: "%",
      against: `the page without addresses, ${bareZipped} bytes by gzip`,
      ratio: zipped / bareZipped,
    },
  ];
}

async function textOf(page: Page, selector: string): Promise<string> {
  const texts = await page.locator(selector).allTextContents();
  return texts.map((text) => text.trim()).join("");
}
