import { describe, expect, it } from "vitest";
import { LIMITS } from "../../src/protocol/limits.ts";
import { Region, regionAddress } from "../../src/render/region.ts";
import { html, keyed, type Part, unsafeHtml, type View } from "../../src/render/view.ts";
import { RegionRoot } from "../../src/topics/region-root.ts";
import type { Published } from "../../src/topics/topic-messages.ts";

const ADDRESS = regionAddress("life:1");

const number = (value: Part): View => html`<p>${value}</p>`;

/** A region of one paragraph, and all that its root does. */
class Bench {
  view: unknown = number(0);
  readonly published: Published[] = [];
  readonly failures: unknown[] = [];
  renders = 0;
  isWatched = true;
  failsToStore = false;
  /** Called when a change is told, before its storing has come back to the root. */
  told = (): unknown => undefined;
  /** Lets renders wait. */
  gate: Promise<void> = Promise.resolve();
  lives = 0;
  now = 0;
  readonly pauses: number[] = [];
  readonly #before: number;
  root: RegionRoot;

  constructor(before = 0) {
    this.#before = before;
    this.root = this.start();
  }

  start(): RegionRoot {
    this.root = new RegionRoot("life:1", {
      render: async () => {
        this.renders += 1;
        const { view } = this;
        await this.gate;
        if (view instanceof Error) throw view;
        return view;
      },
      publish: async (published) => {
        if (this.failsToStore) throw new Error("disk");
        const seq = this.#before + this.published.push(published);
        this.told();
        return seq;
      },
      last: () => this.#before + this.published.length,
      isWatched: () => this.isWatched,
      now: () => this.now,
      pause: async (milliseconds) => {
        this.pauses.push(milliseconds);
        this.now += milliseconds;
      },
      newLife: () => `life${++this.lives}`,
      failed: (cause) => void this.failures.push(cause),
    });
    return this.root;
  }

  /** Shows a number, and says so. */
  async show(view: unknown, touched = {}): Promise<Published | undefined> {
    this.view = view;
    const { length } = this.published;
    await this.root.touched(touched);
    return this.published[length];
  }
}

describe("a region's root", () => {
  it("shows whoever asks when told of a change what the change made of it", async () => {
    const bench = new Bench();
    await bench.root.content();
    let asked: Promise<{ readonly html: string }> | undefined;
    bench.told = () => {
      asked = bench.root.content();
    };
    await bench.show(number(1));
    expect((await asked)?.html).toContain(">1</p>");
  });

  it("renders once for all who ask, until it has changed", async () => {
    const bench = new Bench();
    const [one, two] = await Promise.all([bench.root.content(), bench.root.content()]);
    expect(one).toEqual({ html: `<p data-r="${ADDRESS}">0</p>`, place: "life1.0" });
    expect(two).toEqual(one);
    expect(bench.renders).toBe(1);
    await bench.show(number(1));
    expect(await bench.root.content()).toEqual({ html: `<p data-r="${ADDRESS}">1</p>`, place: "life1.1" });
    expect(bench.renders).toBe(2);
  });

  it("publishes what changed, and what that rests on", async () => {
    const bench = new Bench();
    await bench.root.content();
    const change = { kind: "region", life: "life1" };
    expect(await bench.show(number(1))).toEqual({ ...change, base: 0, updates: [[ADDRESS, ["", "1"]]] });
    expect(await bench.show(number(2))).toEqual({ ...change, base: 1, updates: [[ADDRESS, ["", "2"]]] });
    // Pages that rest on the topic without the region are to be rendered all the same.
    expect(await bench.show(number(2))).toEqual({ ...change, base: 2, updates: [] });
  });

  it("publishes it whole when it does not know what is shown", async () => {
    const whole = {
      kind: "region",
      life: expect.any(String),
      updates: [[ADDRESS, [3, [expect.any(String), "1"]]]],
      templates: [{ name: expect.any(String), pieces: ["<p", -1, ">", 0, "</p>"] }],
    };
    const unasked = new Bench();
    expect(await unasked.show(number(1))).toEqual(whole);
    // Another life has rendered what pages show, whoever has asked since.
    const restarted = new Bench(7);
    expect((await restarted.root.content()).place).toBe("life1.7");
    expect(await restarted.show(number(1))).toEqual(whole);
    expect(await restarted.show(number(2))).toMatchObject({ base: 8 });
  });

  it("publishes it whole when that is less than what changed", async () => {
    const list = (ids: readonly number[]) =>
      html`<ul>${keyed(ids, String, (id) => html`<li class="some-item-with-a-name">${id}</li>`)}</ul>`;
    const bench = new Bench();
    bench.view = list(Array.from({ length: 4_000 }, (_, id) => id));
    await bench.root.content();
    expect(await bench.show(list([3]))).toMatchObject({ updates: [[ADDRESS, [3, expect.anything()]]] });
  });

  it("says only that it has changed when all of it is too much for a publication", async () => {
    const bench = new Bench();
    await bench.root.content();
    const text = "x".repeat(LIMITS.publicationChars);
    expect(await bench.show(number(text))).toEqual({ kind: "region", life: "life1" });
    expect((await bench.root.content()).html).toContain(text);
    expect(await bench.show(number("y"))).toMatchObject({ base: 1, updates: [[ADDRESS, ["", "y"]]] });
  });

  it("renders once more for all changes that come while it renders, and never twice at a time", async () => {
    const bench = new Bench();
    await bench.root.content();
    let open = () => {};
    bench.gate = new Promise((resolve) => {
      open = resolve;
    });
    bench.view = number(1);
    const first = bench.root.touched({ changed: ["a"], author: "tab" });
    while (bench.renders < 2) await Promise.resolve();
    const others = [2, 3, 4].map(async (value) => {
      bench.view = number(value);
      await bench.root.touched({ changed: [String(value)], author: value === 4 ? "other" : "tab" });
    });
    open();
    await Promise.all([first, ...others]);
    expect(bench.renders).toBe(3);
    expect(bench.published).toMatchObject([
      { base: 0, updates: [[ADDRESS, ["", "1"]]], changed: ["a"], author: "tab" },
      { base: 1, updates: [[ADDRESS, ["", "4"]]], changed: ["2", "3", "4"] },
    ]);
    expect(bench.published[1]).not.toHaveProperty("author");
  });

  it("leaves a change alone for a moment, and those that come soon behind it together", async () => {
    const bench = new Bench();
    await bench.root.content();
    await bench.show(number(1));
    expect(bench.pauses).toEqual([]);
    bench.now += 10;
    await Promise.all([bench.show(number(2)), bench.show(number(3)), bench.show(number(4))]);
    expect(bench.pauses).toEqual([LIMITS.regionPauseMs - 10]);
    expect(bench.renders).toBe(3);
    bench.now += LIMITS.regionPauseMs;
    await bench.show(number(5));
    expect(bench.pauses).toHaveLength(1);
  });

  it("does not say what has changed when one of two changes does not", async () => {
    const bench = new Bench();
    await bench.root.content();
    await Promise.all([bench.root.touched({ changed: ["a"] }), bench.root.touched({})]);
    expect(bench.published).toHaveLength(1);
    expect(bench.published[0]).not.toHaveProperty("changed");
  });

  it("leaves subscribers with what they have when it throws, and goes on from there", async () => {
    const bench = new Bench();
    await bench.root.content();
    const broken = new Error("broken");
    expect(await bench.show(broken, { changed: ["a"] })).toEqual({ kind: "touch", changed: ["a"] });
    expect(bench.failures).toEqual([broken]);
    expect((await bench.root.content()).place).toBe("life1.0");
    expect(await bench.show(number(1))).toMatchObject({ base: 0, updates: [[ADDRESS, ["", "1"]]] });
  });

  it("fails who asks first when it throws, and asks again for the next", async () => {
    const bench = new Bench();
    bench.view = new Error("broken");
    await expect(bench.root.content()).rejects.toThrow("broken");
    bench.view = number(1);
    expect((await bench.root.content()).html).toContain("1");
  });

  it("tells whoever says that it has changed when that cannot be stored, and goes on", async () => {
    const bench = new Bench();
    await bench.root.content();
    bench.failsToStore = true;
    await expect(bench.show(number(1))).rejects.toThrow("disk");
    bench.failsToStore = false;
    expect(await bench.show(number(2))).toMatchObject({ base: 0, updates: [[ADDRESS, ["", "2"]]] });
  });

  it("is not rendered while nobody subscribes, and goes on in another life", async () => {
    const bench = new Bench();
    expect((await bench.root.content()).place).toBe("life1.0");
    bench.isWatched = false;
    await bench.show(number(1));
    await bench.show(number(2), { changed: ["a"] });
    expect(bench.published).toEqual([
      { kind: "region", life: "life2" },
      { kind: "region", life: "life3", changed: ["a"] },
    ]);
    expect(bench.renders).toBe(1);
    expect(await bench.root.content()).toEqual({ html: `<p data-r="${ADDRESS}">2</p>`, place: "life3.2" });
    bench.isWatched = true;
    expect(await bench.show(number(3))).toMatchObject({ base: 2, updates: [[ADDRESS, ["", "3"]]] });
  });

  it("refuses what cannot stand in pages", async () => {
    const refusals: readonly (readonly [unknown, RegExp])[] = [
      ["text", /"life:1" was rendered as "text"; expected html`…` of one element/],
      [null, /was rendered as null/],
      [html`<p></p><p></p>`, /has more than one element/],
      [html`${"a"}`, /has more than one element/],
      [html`<p>${unsafeHtml("</p>")}</p>`, /an end tag too many/],
      [html`<p>${new Region("2", { html: "", place: "" })}</p>`, /shows another region/],
      [number("x".repeat(LIMITS.regionChars)), /takes 10000\d\d characters; expected at most 1000000/],
    ];
    for (const [view, message] of refusals) {
      const bench = new Bench();
      bench.view = view;
      await expect(bench.root.content()).rejects.toMatchObject({
        code: "topic-region",
        message: expect.stringMatching(message),
      });
    }
  });
});
