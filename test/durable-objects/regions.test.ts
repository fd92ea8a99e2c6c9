import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { exports } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { LIMITS } from "../../src/protocol/limits.ts";
import type { Update } from "../../src/protocol/messages.ts";
import { PROTOCOL_VERSION } from "../../src/protocol/names.ts";
import { regionAddress } from "../../src/render/region.ts";
import type { TopicNode } from "../../src/topics/topic-messages.ts";
import { boards } from "../support/region-site.ts";
import { load, newCookie, newTabId, objectOf, Tab, visit } from "../support/tab.ts";
import worker, { logged } from "../support/worker.ts";
import { workerContext } from "../support/worker-context.ts";

/** A board of its own for each test, and the tabs that show it. */
class Scene {
  readonly name = `board:${crypto.randomUUID()}`;
  readonly path = `/board/${this.name.slice("board:".length)}`;
  readonly address = regionAddress(this.name);

  readonly #names = new Map<Tab, string>();

  constructor(cells: readonly string[] = ["a", "b"]) {
    boards.begin(this.name, cells);
  }

  /** A tab of a visitor of its own, loaded as a browser does: the page first, and the socket behind it. */
  async open(path: string = this.path, cookie?: string): Promise<Tab> {
    const name = newTabId();
    const tab = await load(path, cookie, { tab: name });
    this.#names.set(tab, name);
    await tab.until(() => tab.frames.some(([kind]) => kind === "w"));
    await this.followed(tab);
    boards.renders = [];
    boards.pages = [];
    return tab;
  }

  /** The page load of a tab. */
  nameOf(tab: Tab): string {
    return this.#names.get(tab) ?? "";
  }

  /** The session has said where the tab stands in its topic. */
  async followed(tab: Tab): Promise<void> {
    await tab.until(() => tab.pushes.some((updates) => updates.some(([kind]) => kind === "at")));
  }

  /** Writes on the board, and says so. */
  async write(...cells: readonly string[]): Promise<void> {
    boards.cells.set(this.name, cells);
    await worker.touch(workerContext(), this.name);
  }

  /** What changes the region of what the tab was sent, in order. */
  changes(tab: Tab): readonly Update[] {
    return tab.pushes.flat().filter(([kind]) => kind.startsWith(this.address));
  }

  /** The same, once there is so much. */
  async changed(tab: Tab, count = 1): Promise<readonly Update[]> {
    await tab.until(() => this.changes(tab).length >= count);
    return this.changes(tab);
  }
}

beforeEach(() => {
  logged.length = 0;
});

/** The change of one cell's text. */
const cell = (scene: Scene, index: number, text: string) => [`${scene.address}.0:${index}`, ["0", text]];

/** All of a region. */
const whole = (scene: Scene, shows: RegExp) => [scene.address, [3, [expect.any(String), ...shownBy(shows)]]];
const shownBy = (shows: RegExp) => [expect.stringMatching(shows)];

describe("a region", () => {
  it("is rendered once for a change, and none of the pages that show it are", async () => {
    const scene = new Scene();
    const tabs = await Promise.all(Array.from({ length: 10 }, () => scene.open()));
    await scene.write("a", "c");
    for (const tab of tabs) expect(await scene.changed(tab)).toEqual([cell(scene, 1, "c")]);
    expect(boards.renders).toEqual([scene.name]);
    expect(boards.pages).toEqual([]);
  });

  it("is rendered once for touches that come together, of whatever", async () => {
    const scene = new Scene();
    const tab = await scene.open();
    boards.cells.set(scene.name, ["a", "c"]);
    const touches = Array.from({ length: 20 }, (_, at) => ({
      published: { kind: "touch" as const, changed: [`cell ${at}`] },
    }));
    const root = exports.TopicObject.getByName(scene.name) as unknown as TopicNode;
    await root.publish(touches);
    expect(await scene.changed(tab)).toEqual([cell(scene, 1, "c")]);
    expect(boards.renders).toEqual([scene.name]);
  });

  it("is asked for again when its root could not be reached, without another change", async () => {
    const scene = new Scene();
    const tab = await scene.open();
    let calls = 0;
    await runInDurableObject(await objectOf(tab), (object) => {
      const { runtime } = Reflect.get(object, "surroundings");
      const regionAt = runtime.regionAt.bind(runtime);
      vi.spyOn(runtime, "regionAt").mockImplementation((...given: unknown[]) => {
        calls += 1;
        if (calls === 1) throw new Error("The root cannot be reached");
        return regionAt(...given);
      });
    });
    // More than a publication holds: whoever shows the region asks for it.
    await scene.write("a", "long ".repeat(LIMITS.publicationChars / 5));
    expect(await scene.changed(tab)).toEqual([whole(scene, /long/)]);
    expect([calls, logged.map(({ event }) => event)]).toEqual([2, ["topic-failed"]]);
    vi.restoreAllMocks();
  });

  it("is sent to nobody who does not show it; a page that rests on its topic alone is rendered", async () => {
    const scene = new Scene();
    const shows = await scene.open();
    const counts = await scene.open(scene.path.replace("board", "board-count"));
    const other = await Tab.open("/");
    await scene.write("a", "b", "c");
    await counts.until(() =>
      counts.pushes.some((updates) => updates.some(([, edit]) => String(edit) === ",3")),
    );
    expect(scene.changes(counts)).toEqual([]);
    await scene.changed(shows);
    expect(boards.pages).toEqual([`count of ${scene.name}`]);
    expect(scene.changes(other)).toEqual([]);
  });

  it("comes to the tab that has changed it as to all others", async () => {
    const scene = new Scene();
    const [author, other] = [await scene.open(), await scene.open()];
    await author.call("Boarder#note", { args: ["hello"] });
    boards.pages = [];
    await author.call("Boarder#write", { args: [scene.name, "a", "c"] });
    for (const tab of [author, other]) expect(await scene.changed(tab)).toEqual([cell(scene, 1, "c")]);
    // That of the call.
    expect(boards.pages).toEqual([scene.name]);
    expect(boards.renders).toEqual([scene.name]);
  });

  it("tells many changes at once in few, and ends on the last", async () => {
    const scene = new Scene();
    const tab = await scene.open();
    const texts = Array.from({ length: 30 }, (_, index) => `t${index}`);
    await Promise.all(texts.map((text) => scene.write("a", text)));
    const last = JSON.stringify(cell(scene, 1, "t29"));
    await tab.until(() => JSON.stringify(scene.changes(tab)).endsWith(`${last}]`));
    expect(boards.renders.length).toBeLessThan(5);
    expect(scene.changes(tab).length).toBeLessThan(5);
  });

  it("stays as it is while its page changes, and goes on from there", async () => {
    const scene = new Scene();
    const tab = await scene.open();
    const { updates } = await tab.call("Boarder#note", { args: ["hello"] });
    expect(updates).toEqual([[expect.stringMatching(/^\d/), ["0", "hello"]]]);
    expect(boards.renders).toEqual([]);
    await scene.write("a", "c");
    expect(await scene.changed(tab)).toEqual([cell(scene, 1, "c")]);
  });

  it("comes whole into a page that shows it anew, as it is by then", async () => {
    const scene = new Scene();
    const tab = await scene.open();
    await tab.call("Boarder#hide", { args: [true] });
    await scene.write("a", "c");
    await scene.write("a", "d");
    const { updates } = await tab.call("Boarder#hide", { args: [false] });
    expect(JSON.stringify(updates)).toContain("<b>d</b>");
    expect(updates.at(-1)).toEqual(["at", scene.address, expect.any(String)]);
    expect(scene.changes(tab)).toEqual([]);
    await scene.write("a", "e");
    expect(await scene.changed(tab)).toEqual([cell(scene, 1, "e")]);
  });

  it("goes on through a sleep of those who show it, without a render", async () => {
    const scene = new Scene();
    const tab = await scene.open();
    await scene.write("a", "c");
    await scene.changed(tab);
    await evictDurableObject(await objectOf(tab), { webSockets: "hibernate" });
    boards.renders = [];
    await scene.write("a", "d");
    expect((await scene.changed(tab, 2))[1]).toEqual(cell(scene, 1, "d"));
    expect(boards.renders).toEqual([scene.name]);
    expect(boards.pages).toEqual([]);
  });

  it("is told whole once its root has forgotten what it rendered", async () => {
    const scene = new Scene();
    const tabs = [await scene.open(), await scene.open()];
    await evictDurableObject(exports.TopicObject.getByName(scene.name));
    await scene.write("a", "c");
    for (const tab of tabs) {
      const [change] = await scene.changed(tab);
      expect(JSON.stringify(change)).toMatch(/^\["@\w+",\[3,\[.*"c"/);
    }
    await scene.write("a", "d");
    for (const tab of tabs) expect((await scene.changed(tab, 2))[1]).toEqual(cell(scene, 1, "d"));
    expect(boards.renders).toHaveLength(2);
  });

  it("is asked for once by a session with two tabs when a change is too much to be told", async () => {
    const scene = new Scene();
    const cookie = await newCookie();
    const tabs = [await scene.open(scene.path, cookie), await scene.open(scene.path, cookie)];
    const text = "x".repeat(LIMITS.publicationChars);
    await scene.write("a", text);
    for (const tab of tabs) expect(await scene.changed(tab)).toEqual([whole(scene, /<b>x+<\/b>/)]);
    await scene.write("a", "d");
    for (const tab of tabs) expect((await scene.changed(tab, 2))[1]).toEqual(cell(scene, 1, "d"));
    expect(boards.pages).toEqual([]);
  });

  it("is brought whole to a tab that has found it changed by something else", async () => {
    const scene = new Scene();
    const tab = await scene.open();
    tab.send(["s", `${scene.address}.0:1`]);
    expect(await scene.changed(tab)).toEqual([whole(scene, /<b>a<\/b>.*<b>b<\/b>/)]);
    expect(boards.pages).toEqual([]);
    expect(boards.renders).toEqual([]);
    // One that it does not show is no reason to believe that anything is amiss but its page.
    tab.send(["s", "@nobody.0"]);
    await tab.until(() => tab.pushes.some((updates) => updates.some(([kind]) => kind === "page")));
  });

  it("stays as it is when it cannot be rendered, which is logged", async () => {
    const scene = new Scene();
    const tab = await scene.open();
    await scene.write("throw");
    expect(logged).toMatchObject([{ event: "region-failed", target: scene.name }]);
    await scene.write("a", "c");
    expect(await scene.changed(tab)).toEqual([cell(scene, 1, "c")]);
  });

  it("fails the page that is loaded when it cannot be rendered", async () => {
    const scene = new Scene(["throw"]);
    const page = await visit(scene.path, { headers: { Cookie: await newCookie() } });
    expect(page.status).toBe(500);
    expect(await page.text()).not.toContain("secret");
    expect(logged).toMatchObject([
      { event: "region-failed", target: scene.name },
      { event: "page-failed", cause: { code: "topic-region", message: "a secret of the region" } },
    ]);
  });

  it("is a part of its page as others where nothing can be found by counting", async () => {
    const scene = new Scene();
    const tab = await scene.open(scene.path.replace("board", "board-broken"));
    await scene.write("a", "c");
    await tab.until(() => JSON.stringify(tab.pushes).includes("<b>c</b>"));
    expect(scene.changes(tab)).toEqual([]);
    expect(boards.pages.length).toBeGreaterThan(0);
  });

  it("is refused where it is none, and where a page shows it twice", async () => {
    const scene = new Scene();
    for (const path of ["/no-board", scene.path.replace("board", "board-twice")])
      expect((await visit(path, { headers: { Cookie: await newCookie() } })).status).toBe(500);
    expect(logged).toMatchObject(
      [
        { cause: { message: /"nothing:1" is no region of the application: expected one of "board"/ } },
        { cause: { message: /shows the region "board:.*" twice; expected it once/ } },
      ].map(({ cause }) => ({
        event: "page-failed",
        cause: { message: expect.stringMatching(cause.message) },
      })),
    );
  });
});

describe("a region in a tab that comes back", () => {
  it("is told what it has missed, by where it says that it stands", async () => {
    const scene = new Scene();
    const [tab, other] = [await scene.open(), await scene.open()];
    await scene.write("a", "c");
    await scene.changed(tab);
    const told = tab.frames.flatMap((frame) => (frame as readonly unknown[]).filter(isPlace));
    const positions = Object.fromEntries(told.map(([, key, place]) => [key, place]));
    const { digest } = lastPush(tab);
    tab.socket.close();
    await scene.write("a", "d");
    await scene.changed(other, 2);
    // Nothing is left of the session but what is stored.
    await evictDurableObject(await objectOf(tab), { webSockets: "close" });
    boards.pages = [];
    const back = await Tab.connect(tab.cookie);
    back.send(["h", PROTOCOL_VERSION, newTabId(), 9, 1, scene.path, digest, positions]);
    expect(await scene.changed(back)).toEqual([cell(scene, 1, "d")]);
    expect(boards.renders.at(-1)).toBe(scene.name);
  });

  it("is brought whole where nobody knows where it stands", async () => {
    const scene = new Scene();
    const [tab, other] = [await scene.open(), await scene.open()];
    const { digest } = lastPush(tab);
    tab.socket.close();
    await scene.write("a", "d");
    await scene.changed(other);
    await evictDurableObject(await objectOf(tab), { webSockets: "close" });
    const back = await Tab.connect(tab.cookie);
    back.send(["h", PROTOCOL_VERSION, newTabId(), 9, 1, scene.path, digest]);
    expect(await scene.changed(back)).toEqual([whole(scene, /<b>d<\/b>/)]);
  });

  it("is told what it has missed while the session remembers it", async () => {
    const scene = new Scene();
    const [tab, other] = [await scene.open(), await scene.open()];
    await scene.write("a", "c");
    await scene.changed(tab);
    tab.socket.close();
    await scene.write("a", "d");
    await scene.changed(other, 2);
    const back = await Tab.connect(tab.cookie);
    back.send([
      "h",
      PROTOCOL_VERSION,
      scene.nameOf(tab),
      lastPush(tab).seen,
      1,
      scene.path,
      lastPush(tab).digest,
    ]);
    expect(await scene.changed(back)).toEqual([cell(scene, 1, "d")]);
    expect(boards.pages).toEqual([]);
  });
});

describe("a region at an older client", () => {
  it("is changed as at others, and tells no places", async () => {
    const scene = new Scene();
    const cookie = await newCookie();
    await (await visit(scene.path, { headers: { Cookie: cookie } })).text();
    const tab = await Tab.connect(cookie);
    tab.send(["h", 4, newTabId(), 0, 1, scene.path]);
    await scene.open();
    await tab.until(() => tab.frames.length > 0);
    await scene.write("a", "c");
    await tab.until(() => scene.changes(tab).length > 0);
    expect(JSON.stringify(tab.frames)).not.toContain('"at"');
  });
});

function isPlace(update: unknown): update is readonly ["at", string, string] {
  return Array.isArray(update) && update[0] === "at";
}

/** What the last push says beside its updates. */
function lastPush(tab: Tab): { readonly seen: number; readonly digest: string } {
  const push: readonly unknown[] = tab.frames.filter(([kind]) => kind === "p").at(-1) ?? [];
  return { seen: Number(push[1]), digest: String(push[2]) };
}
