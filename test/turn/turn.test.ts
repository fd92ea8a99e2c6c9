import { describe, expect, it } from "vitest";
import { Digest } from "../../src/diff/digest.ts";
import { Reflex } from "../../src/reflex/reflex.ts";
import { ReflexRegistry } from "../../src/reflex/registry.ts";
import { html, type View } from "../../src/render/view.ts";
import { TurnState } from "../../src/state/turn-state.ts";
import { showingOf } from "../../src/turn/showing.ts";
import { recallPage, renderAgain, runTurn } from "../../src/turn/turn.ts";
import type { PageRequest, PageResult, Shown, TurnEnd } from "../../src/turn/turn-end.ts";

interface Values {
  count: number;
}

let made = 0;
let log: string[] = [];

class Counter extends Reflex<Values, { note: string }> {
  constructor(context: never) {
    super(context);
    made += 1;
    // As a field of the same name would.
    Object.defineProperty(this, "replaced", { value: 1 });
  }
  add(step: number): void {
    this.session.set("count", (this.session.get("count") ?? 0) + step);
    this.assigns.note = `by ${step} of ${this.args.length} at ${this.url.pathname} for ${this.params.get("who")}`;
  }
  say(): void {
    this.morph("#a", html`<b>${"<"}</b>`);
    this.morph("#b", html`<p id="b">in <i>b</i></p>`);
  }
  nothing(): void {
    this.morph("nothing");
  }
  fail(): void {
    throw new Error("no");
  }
  async slow(): Promise<void> {
    for (let time = 0; time < 3; time += 1) await null;
    log.push("action");
    this.session.set("count", 5);
  }
  async reject(): Promise<void> {
    await null;
    throw new Error("late");
  }
  replaced(): void {}
  badSelector(): void {
    this.morph("##", html`<b></b>`);
  }
  badContent(): void {
    this.morph("#a", {} as never);
  }
}

const layout = (count: unknown): View =>
  html`<head><title>${String(count)}</title></head><body><p>${String(count)}</p><hr></body>`;

/** The state of a turn over a session that has one value under every key. */
const stateOver = (value: unknown) =>
  new TurnState({ id: "id", store: { read: () => value, keys: () => [] } });

const showing = (view: View) => showingOf({ kind: "view", view });

/** Runs `Counter#…` on a page that shows the count, and records what it was asked for. */
async function turn(
  action: string,
  options: {
    shown?: Shown | undefined;
    page?: (request: PageRequest) => PageResult | Promise<PageResult>;
    root?: string;
  } = {},
): Promise<{ end: TurnEnd; asked: PageRequest[]; state: TurnState }> {
  const asked: PageRequest[] = [];
  const state = stateOver(1);
  const page =
    options.page ?? (({ state }) => ({ kind: "view", view: layout(state.session.get("count")) }) as const);
  const input = {
    callId: "call",
    target: `Counter#${action}`,
    detail: {
      args: [2],
      form: [["who", "Ada"] as const],
      ...(options.root === undefined ? {} : { root: options.root }),
    },
    url: new URL("https://site.example/counter"),
    state,
    env: undefined,
    idempotencyKey: "key",
  };
  const end = await runTurn(
    input,
    { state, shown: options.shown },
    {
      registry: new ReflexRegistry({ Counter }),
      renderPage: async (request) => {
        asked.push(request);
        return await page(request);
      },
    },
  );
  return { end, asked, state };
}

describe("a turn", () => {
  it("renders the page with what the action wrote and assigned, and tells it the cause", async () => {
    const { end, asked } = await turn("add");
    expect(end).toMatchObject({ kind: "done", updates: [["page", "<p>3</p><hr>", "3"]] });
    expect(asked).toMatchObject([
      {
        cause: { callId: "call", target: "Counter#add" },
        assigns: { note: "by 2 of 1 at /counter for Ada" },
      },
    ]);
  });

  it("sends a patch when the tab's page is known, and nothing when it shows it all", async () => {
    expect((await turn("add", { shown: showing(layout(1)) })).end).toMatchObject({
      updates: [
        ["", ["0", "3"]],
        ["title", "3"],
      ],
    });
    expect((await turn("add", { shown: showing(layout(3)) })).end).toMatchObject({ updates: [] });
  });

  it("sends the page whole when its layout is another", async () => {
    const { end } = await turn("add", { shown: showing(html`<body>other</body>`) });
    expect(end).toMatchObject({ updates: [["page", "<p>3</p><hr>", "3"]] });
  });

  it("renders no page for selectors, and does not take the tab's page for known afterwards", async () => {
    const { end, asked } = await turn("say", { shown: showing(layout(1)) });
    expect(asked).toEqual([]);
    expect(end).toEqual({
      kind: "done",
      updates: [
        ["inner", "#a", "<b>&lt;</b>"],
        ["inner", "#b", "in <i>b</i>"],
      ],
      templates: [],
      shown: undefined,
    });
  });

  it("renders no page for nothing", async () => {
    const shown = showing(layout(1));
    const { end, asked } = await turn("nothing", { shown });
    expect(asked).toEqual([]);
    expect(end).toEqual({ kind: "done", outcome: "nothing", updates: [], templates: [], shown });
  });

  it("ends refused when the action throws, before any page", async () => {
    const { end, asked } = await turn("fail");
    expect(end).toMatchObject({ kind: "refused", code: "reflex-failed", cause: { message: "no" } });
    expect(asked).toEqual([]);
  });

  it("ends refused when the page fails, however it does", async () => {
    const rejecting = await turn("add", { page: () => Promise.reject(new Error("no")) });
    expect(rejecting.end).toMatchObject({ code: "page-failed", cause: { message: "no" } });
    const failed = await turn("add", { page: () => ({ kind: "failed", cause: "500" }) });
    expect(failed.end).toMatchObject({ code: "page-failed", cause: "500" });
    const broken = await turn("add", {
      page: () => ({ kind: "view", view: html`<body>${{} as never}</body>` }),
    });
    expect(broken.end).toMatchObject({ code: "page-failed", cause: { name: "TemplateError" } });
  });

  it("follows a redirect, and takes a page of plain HTML as it is", async () => {
    expect((await turn("add", { page: () => ({ kind: "redirect", url: "/x" }) })).end).toMatchObject({
      updates: [["visit", "/x"]],
    });
    expect((await turn("add", { page: () => ({ kind: "html", body: "<p>" }) })).end).toMatchObject({
      updates: [["page", "<p>"]],
      shown: { kind: "html", body: "<p>", title: undefined },
    });
  });

  it("renders nothing more once it was given up", async () => {
    const state = stateOver(undefined);
    state.close();
    const asked: unknown[] = [];
    const input = {
      callId: "c",
      target: "Counter#nothing",
      detail: {},
      url: new URL("https://x.example/"),
      env: 0,
    };
    const ports = {
      registry: new ReflexRegistry({ Counter }),
      renderPage: (request: PageRequest): Promise<PageResult> => {
        asked.push(request);
        return Promise.reject(new Error("asked"));
      },
    };
    expect(
      await runTurn({ ...input, idempotencyKey: "key", state }, { state, shown: undefined }, ports),
    ).toMatchObject({
      code: "turn-timeout",
    });
    expect(asked).toEqual([]);
  });

  it("awaits the action before it asks for the page, and hands it the draft and the address of the call", async () => {
    log = [];
    const { asked, state } = await turn("slow", {
      page: () => {
        log.push("page");
        return { kind: "html", body: "" };
      },
    });
    expect(log).toEqual(["action", "page"]);
    expect(asked[0]?.state).toBe(state);
    expect(asked[0]?.url.href).toBe("https://site.example/counter");
    expect(state.isClosed).toBe(false);
  });

  it("refuses a target that is no action with the registry's code, and makes no reflex", async () => {
    made = 0;
    for (const [action, code] of [
      ["missing", "unknown-action"],
      ["constructor", "reserved-action"],
      ["session", "inherited-action"],
    ] as const) {
      const { end, asked } = await turn(action);
      expect(end).toEqual({ kind: "refused", code });
      expect(asked).toEqual([]);
    }
    expect(made).toBe(0);
  });

  it.each(["reject", "replaced"])(
    "ends refused when the action does not run to its end: %s",
    async (action) => {
      const { end, asked } = await turn(action);
      expect(end).toMatchObject({ kind: "refused", code: "reflex-failed" });
      expect(asked).toEqual([]);
    },
  );

  it.each(["badSelector", "badContent"])(
    "ends refused when a selector cannot be morphed: %s",
    async (action) => {
      const { end } = await turn(action);
      expect(end).toMatchObject({ kind: "refused", code: "page-failed" });
    },
  );

  it("sends the title alone when nothing else has changed", async () => {
    const page = (title: string) => html`<head><title>${title}</title></head><body><p>same</p></body>`;
    const { end } = await turn("add", {
      shown: showing(page("a")),
      page: () => ({ kind: "view", view: page("b & c") }),
    });
    expect(end).toMatchObject({ updates: [["title", "b &amp; c"]] });
  });

  it("finds title and body where a layout leaves them to other templates, and sends the page whole then", async () => {
    const page = (text: string) =>
      html`<html>${html`<head><title>${text}</title></head>`}${html`<body><p>${text}</p></body>`}</html>`;
    const view = page("inner");
    const { end } = await turn("add", {
      shown: showing(page("other")),
      page: () => ({ kind: "view", view }),
    });
    expect(end).toMatchObject({ updates: [["page", "<p>inner</p>", "inner"]], shown: { view } });
  });

  it("sends a page whole that leaves it to the parser where its body begins", async () => {
    const page = (text: string) => html`<title>t</title><p>${text}</p>`;
    const { end } = await turn("add", {
      shown: showing(page("a")),
      page: () => ({ kind: "view", view: page("b") }),
    });
    expect(end).toMatchObject({ updates: [["page", "<p>b</p>", "t"]] });
  });

  it("tells a new title that another template wrote", async () => {
    const page = (title: string) =>
      html`${html`<head><title>${title}</title></head>`}<body><p>same</p></body>`;
    const { end } = await turn("add", {
      shown: showing(page("a")),
      page: () => ({ kind: "view", view: page("b") }),
    });
    expect(end).toMatchObject({ updates: [["title", "b"]] });
  });

  it("keeps what the tab shows when it leaves for another page, and sends a page of plain HTML whole after one of templates", async () => {
    const shown = showing(layout(1));
    const left = await turn("add", { shown, page: () => ({ kind: "redirect", url: "/x" }) });
    expect(left.end).toMatchObject({ updates: [["visit", "/x"]], shown });
    const plain = await turn("add", { shown, page: () => ({ kind: "html", body: "<p>", title: "t" }) });
    expect(plain.end).toMatchObject({
      updates: [["page", "<p>", "t"]],
      shown: { kind: "html", body: "<p>" },
    });
  });
});

/** What asks for a page, and the page that shows a count of 1. */
const request = {
  url: new URL("https://site.example/"),
  state: stateOver(1),
  assigns: {},
  cause: { callId: "", target: "" },
};
const ports = {
  registry: new ReflexRegistry({}),
  renderPage: async ({ state }: PageRequest) =>
    ({ kind: "view", view: layout(state.session.get("count")) }) as const,
};

describe("renderAgain", () => {
  it("sends what a tab does not show yet, or all of a page that nobody knows", async () => {
    const patched = await renderAgain(request, showing(layout(0)), ports);
    expect(patched).toMatchObject({
      updates: [
        ["", ["0", "1"]],
        ["title", "1"],
      ],
    });
    expect(await renderAgain(request, undefined, ports)).toMatchObject({
      updates: [["page", "<p>1</p><hr>", "1"]],
    });
  });
});

describe("a page of plain HTML", () => {
  const body = (count: number) => `<h1>fixed</h1><p id="count">${count}</p>`;
  const shown = showingOf({ kind: "html", body: body(1), title: "t" });
  const bring = async (page: PageResult) => (await turn("add", { shown, page: () => page })).end;

  it("is brought by its elements with ids, and as a whole where something else changed", async () => {
    expect(await bring({ kind: "html", body: body(2), title: "u" })).toMatchObject({
      updates: [
        ["#count", ["", [expect.any(String), "2"]]],
        ["title", "u"],
      ],
    });
    expect(await bring({ kind: "html", body: body(1), title: "t" })).toMatchObject({ updates: [] });
    expect(await bring({ kind: "html", body: `${body(1)}<hr>` })).toMatchObject({
      updates: [["page", `${body(1)}<hr>`]],
    });
  });
});

describe("recallPage", () => {
  it("gives what a tab shows when the page comes out as its digest says, and nothing else", async () => {
    const digest = Digest.of(layout(1)).toString();
    expect(await recallPage(request, digest, ports)).toMatchObject({ kind: "view", view: layout(1) });
    expect(await recallPage(request, Digest.of(layout(2)).toString(), ports)).toBeUndefined();
    const gone = { ...ports, renderPage: async () => ({ kind: "redirect", url: "/" }) as const };
    expect(await recallPage(request, digest, gone)).toBeUndefined();
  });
});

describe("what a turn leaves for later renders", () => {
  it("is what the action assigned, without what the page made of it", async () => {
    const { end } = await turn("add", {
      page: ({ assigns }) => {
        assigns.added = "by the page";
        return { kind: "view", view: layout(0) };
      },
    });
    expect(end).toMatchObject({ assigns: { note: expect.any(String) } });
    expect(end).not.toMatchObject({ assigns: { added: expect.anything() } });
  });
});

describe("a page morph with a root", () => {
  const page = (): PageResult => ({
    kind: "view",
    view: html`<body><p>out</p><ul id="a"><li>${1}</li></ul><b>b</b></body>`,
  });
  const rooted = async (root: string) => (await turn("add", { page, root })).end;

  it("brings the content of what its selectors find first, and takes the tab for unknown then", async () => {
    expect(await rooted("#a, b ,.none")).toMatchObject({
      updates: [
        ["inner", "#a", '<li data-r="0">1</li>'.replace(' data-r="0"', ""), 1],
        ["inner", "b", "b", 1],
      ],
      shown: undefined,
    });
  });

  it("brings the page when they find nothing, and is refused when they are none", async () => {
    expect(await rooted(".none")).toMatchObject({ updates: [["page", expect.stringContaining("out")]] });
    expect(await rooted("[")).toMatchObject({ kind: "refused", code: "page-failed" });
  });
});
