import { describe, expect, it } from "vitest";
import { Reflex } from "../../src/reflex/reflex.ts";
import { ReflexRegistry } from "../../src/reflex/registry.ts";
import { html, type View } from "../../src/render/view.ts";
import { Session } from "../../src/session/session.ts";
import {
  type PageRequest,
  type PageResult,
  refreshPage,
  runTurn,
  type TurnEnd,
} from "../../src/turn/turn.ts";

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

/** Runs `Counter#…` on a page that shows the count, and records what it was asked for. */
async function turn(
  action: string,
  options: { shown?: View; page?: (request: PageRequest) => PageResult | Promise<PageResult> } = {},
): Promise<{ end: TurnEnd; asked: PageRequest[]; session: Session }> {
  const asked: PageRequest[] = [];
  const session = new Session("id", { read: () => 1 });
  const page =
    options.page ?? (({ session }) => ({ kind: "view", view: layout(session.get("count")) }) as const);
  const input = {
    callId: "call",
    target: `Counter#${action}`,
    detail: { args: [2], form: [["who", "Ada"] as const] },
    url: new URL("https://site.example/counter"),
    session,
    env: undefined,
    shown: options.shown,
  };
  const end = await runTurn(input, {
    registry: new ReflexRegistry({ Counter }),
    renderPage: async (request) => {
      asked.push(request);
      return await page(request);
    },
  });
  return { end, asked, session };
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
    expect((await turn("add", { shown: layout(1) })).end).toMatchObject({
      updates: [
        ["patch", [["", ["0", "3"]]]],
        ["title", "3"],
      ],
    });
    expect((await turn("add", { shown: layout(3) })).end).toMatchObject({ updates: [] });
  });

  it("sends the page whole when its layout is another", async () => {
    const { end } = await turn("add", { shown: html`<body>other</body>` });
    expect(end).toMatchObject({ updates: [["page", "<p>3</p><hr>", "3"]] });
  });

  it("renders no page for selectors, and does not take the tab's page for known afterwards", async () => {
    const { end, asked } = await turn("say", { shown: layout(1) });
    expect(asked).toEqual([]);
    expect(end).toEqual({
      kind: "done",
      updates: [
        ["inner", "#a", "<b>&lt;</b>"],
        ["inner", "#b", "in <i>b</i>"],
      ],
      shown: undefined,
    });
  });

  it("renders no page for nothing", async () => {
    const shown = layout(1);
    const { end, asked } = await turn("nothing", { shown });
    expect(asked).toEqual([]);
    expect(end).toEqual({ kind: "done", updates: [], shown });
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
      shown: undefined,
    });
  });

  it("renders nothing more once it was given up", async () => {
    const session = new Session("id", { read: () => undefined });
    session.close();
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
    expect(await runTurn({ ...input, session, shown: undefined }, ports)).toMatchObject({
      code: "turn-timeout",
    });
    expect(asked).toEqual([]);
  });

  it("awaits the action before it asks for the page, and hands it the draft and the address of the call", async () => {
    log = [];
    const { asked, session } = await turn("slow", {
      page: () => {
        log.push("page");
        return { kind: "html", body: "" };
      },
    });
    expect(log).toEqual(["action", "page"]);
    expect(asked[0]?.session).toBe(session);
    expect(asked[0]?.url.href).toBe("https://site.example/counter");
    expect(session.isClosed).toBe(false);
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
      shown: page("a"),
      page: () => ({ kind: "view", view: page("b & c") }),
    });
    expect(end).toMatchObject({ updates: [["title", "b &amp; c"]] });
  });

  it("finds title and body where a layout leaves them to other templates, and sends the page whole then", async () => {
    const page = (text: string) =>
      html`<html>${html`<head><title>${text}</title></head>`}${html`<body><p>${text}</p></body>`}</html>`;
    const view = page("inner");
    const { end } = await turn("add", { shown: page("other"), page: () => ({ kind: "view", view }) });
    expect(end).toEqual({ kind: "done", updates: [["page", "<p>inner</p>", "inner"]], shown: view });
  });

  it("sends a page whole that leaves it to the parser where its body begins", async () => {
    const page = (text: string) => html`<title>t</title><p>${text}</p>`;
    const { end } = await turn("add", { shown: page("a"), page: () => ({ kind: "view", view: page("b") }) });
    expect(end).toMatchObject({ updates: [["page", "<p>b</p>", "t"]] });
  });

  it("tells a new title that another template wrote", async () => {
    const page = (title: string) =>
      html`${html`<head><title>${title}</title></head>`}<body><p>same</p></body>`;
    const { end } = await turn("add", { shown: page("a"), page: () => ({ kind: "view", view: page("b") }) });
    expect(end).toMatchObject({ updates: [["title", "b"]] });
  });

  it("keeps what the tab shows when it leaves for another page, and forgets it for a page of plain HTML", async () => {
    const shown = layout(1);
    const left = await turn("add", { shown, page: () => ({ kind: "redirect", url: "/x" }) });
    expect(left.end).toEqual({ kind: "done", updates: [["visit", "/x"]], shown });
    const plain = await turn("add", { shown, page: () => ({ kind: "html", body: "<p>", title: "t" }) });
    expect(plain.end).toEqual({ kind: "done", updates: [["page", "<p>", "t"]], shown: undefined });
  });
});

describe("refreshPage", () => {
  it("sends the page whole, whatever it knows of it", async () => {
    const view = layout(1);
    const ports = {
      registry: new ReflexRegistry({}),
      renderPage: async () => ({ kind: "view", view }) as const,
    };
    const request = {
      url: new URL("https://site.example/"),
      session: new Session("id", { read: () => 1 }),
      assigns: {},
      cause: { callId: "call", target: "" },
    };
    expect(await refreshPage(request, ports)).toEqual({
      kind: "done",
      updates: [["page", "<p>1</p><hr>", "1"]],
      shown: view,
    });
  });
});
