import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { SessionObject } from "../../durable-objects/session-object.ts";
import { answerUpload, type RemoteUploads } from "../../src/app/upload-front.ts";
import { LIMITS } from "../../src/protocol/limits.ts";
import { UPLOAD_PATH } from "../../src/protocol/names.ts";
import { UPLOAD_KEY, type UploadRecord } from "../../src/uploads/upload-record.ts";
import { seen, slow } from "../support/album-site.ts";
import { newCookie, ORIGIN, Tab, visit } from "../support/tab.ts";
import { logged } from "../support/worker.ts";

const PART = LIMITS.uploadPartBytes;

/** What the Worker says of an upload. */
interface Said {
  readonly status: number;
  readonly ticket: string;
  readonly partBytes: number;
  readonly parts: readonly number[];
  readonly isDone: boolean;
  readonly code?: string;
  readonly message?: string;
}

const FILE = {
  target: "Album#add",
  field: "photo",
  name: "sea.png",
  size: 3,
  type: "image/png",
  fingerprint: "1",
  count: 1,
  except: [] as readonly string[],
};

/** The time that session objects live in, once a test has set them to it. */
const clock = { now: Date.now() };

beforeEach(async () => {
  seen.length = 0;
  logged.length = 0;
  const { objects } = await env.UPLOADS.list();
  await env.UPLOADS.delete(objects.map(({ key }) => key));
});

/** A browser that uploads. */
class Uploader {
  readonly cookie: string;

  constructor(cookie: string) {
    this.cookie = cookie;
  }

  static async new(): Promise<Uploader> {
    return new Uploader(await newCookie());
  }

  async ask(
    method: string,
    path: string,
    body?: BodyInit,
    headers: Record<string, string> = {},
  ): Promise<Said> {
    const sent = { Cookie: this.cookie, Origin: ORIGIN, ...headers };
    const response = await visit(UPLOAD_PATH + path, {
      method,
      headers: sent,
      ...(body !== undefined && { body }),
    });
    return { status: response.status, ...(await response.json<Omit<Said, "status">>()) };
  }

  async start(file: { readonly [Key in keyof typeof FILE]?: unknown } = {}): Promise<Said> {
    const body = JSON.stringify({ ...FILE, ...file });
    return await this.ask("POST", "", body, { "Content-Length": `${new TextEncoder().encode(body).length}` });
  }

  async put(
    ticket: string,
    part: number | string,
    body: BodyInit,
    headers?: Record<string, string>,
  ): Promise<Said> {
    return await this.ask("PUT", `/${ticket}/${part}`, body, headers);
  }

  /** Uploads a small file; its ticket. */
  async upload(text: string, file: { readonly [Key in keyof typeof FILE]?: unknown } = {}): Promise<string> {
    const { ticket } = await this.start({ size: text.length, ...file });
    expect(await this.put(ticket, 1, text)).toMatchObject({ status: 200, isDone: true });
    return ticket;
  }

  /** Calls an action with a form that has a file. */
  async call(
    ticket: string,
    target = "Album#add",
    field = "photo",
    args: readonly unknown[] = [],
  ): Promise<string> {
    const tab = await Tab.open("/album", this.cookie);
    const { outcome } = await tab.call(target, { form: [[field, "sea.png", ticket]], args });
    tab.socket.close();
    return outcome;
  }

  async stub(): Promise<DurableObjectStub> {
    const id = await (await visit("/id", { headers: { Cookie: this.cookie } })).text();
    return exports.SessionObject.getByName(id);
  }

  /** The uploads that the session has stored. */
  async stored(): Promise<readonly UploadRecord[]> {
    return await runInDurableObject(await this.stub(), (_, { storage }) => {
      const rows = [...storage.kv.list<UploadRecord>({ prefix: `session:${UPLOAD_KEY}` })].map(
        ([, record]) => record,
      );
      const row = storage.kv.get<{ values: ReadonlyMap<string, UploadRecord> }>("session");
      return [
        ...rows,
        ...[...(row?.values ?? [])].flatMap(([key, value]) => (key.startsWith(UPLOAD_KEY) ? [value] : [])),
      ];
    });
  }

  /** Lets the session live in the tests' time. */
  async inTime(): Promise<void> {
    clock.now = Date.now() + 3_600_000;
    await runInDurableObject(await this.stub(), (object) => {
      Reflect.get(object, "surroundings").runtime.now = () => clock.now;
    });
    await evictDurableObject(await this.stub());
  }
}

const bytes = (count: number, letter = "a") => letter.repeat(count);

async function keys(): Promise<readonly string[]> {
  return (await env.UPLOADS.list()).objects.map(({ key }) => key);
}

describe("an upload", () => {
  it("hands the reflex what was sent, under a key that no browser has a word in", async () => {
    const uploader = await Uploader.new();
    const ticket = await uploader.upload("sea", { name: "../../sea.png" });
    expect(await uploader.call(ticket)).toBe("done");
    expect(seen).toEqual([
      { key: `Album/photo/${ticket}`, name: "../../sea.png", size: 3, type: "image/png", text: "sea" },
    ]);
    const stored = await env.UPLOADS.head(`Album/photo/${ticket}`);
    expect(stored?.httpMetadata?.contentType).toBe("image/png");
    expect(stored?.customMetadata).toEqual({ name: "../../sea.png" });
  });

  it("takes a file without a byte", async () => {
    const uploader = await Uploader.new();
    const { ticket } = await uploader.start({ size: 0 });
    expect(await uploader.put(ticket, 1, "")).toMatchObject({ isDone: true });
    await uploader.call(ticket);
    expect(seen).toMatchObject([{ size: 0, text: "" }]);
  });

  it("puts a large file together of parts that came in any order, one row written for each and one at the end", async () => {
    const uploader = await Uploader.new();
    const size = 2 * PART + 5;
    const { ticket, partBytes } = await uploader.start({ size });
    expect(partBytes).toBe(PART);
    const written = await rowsWritten(await uploader.stub(), async () => {
      await uploader.put(ticket, 3, bytes(5, "c"));
      await uploader.put(ticket, 1, bytes(PART, "a"));
      expect(await uploader.put(ticket, 2, bytes(PART, "b"))).toMatchObject({
        isDone: true,
        parts: [3, 1, 2],
      });
    });
    expect(written).toBe(4);
    const stored = await env.UPLOADS.get(`Album/photo/${ticket}`, { range: { offset: PART - 1, length: 2 } });
    expect([stored?.size, await stored?.text()]).toEqual([size, "ab"]);
  });

  it("says to whoever begins it again which parts are there, also after a sleep", async () => {
    const uploader = await Uploader.new();
    const size = 2 * PART + 5;
    const { ticket } = await uploader.start({ size });
    await uploader.put(ticket, 2, bytes(PART));
    await evictDurableObject(await uploader.stub());
    expect(await uploader.start({ size })).toMatchObject({ ticket, parts: [2], isDone: false });
    expect(await uploader.start({ size, fingerprint: "2" })).toMatchObject({ parts: [] });
    expect((await uploader.start({ size, except: [ticket] })).ticket).not.toBe(ticket);
  });

  it("takes a part that is there already for sent, and does not change it", async () => {
    const uploader = await Uploader.new();
    const ticket = await uploader.upload("sea");
    expect(await uploader.put(ticket, 1, "see")).toMatchObject({ status: 200, isDone: true });
    await uploader.call(ticket);
    expect(seen).toMatchObject([{ text: "sea" }]);
  });

  it("keeps the first of two copies that come at once", async () => {
    const uploader = await Uploader.new();
    const { ticket } = await uploader.start();
    const answers = await Promise.all([uploader.put(ticket, 1, "sea"), uploader.put(ticket, 1, "see")]);
    expect(answers).toMatchObject([{ isDone: true }, { isDone: true }]);
    const first = await (await env.UPLOADS.get(`Album/photo/${ticket}`))?.text();
    await uploader.put(ticket, 1, first === "sea" ? "see" : "sea");
    expect(await (await env.UPLOADS.get(`Album/photo/${ticket}`))?.text()).toBe(first);
  });

  it("begins anew when the bucket has given its parts up", async () => {
    const uploader = await Uploader.new();
    const size = PART + 5;
    const { ticket } = await uploader.start({ size });
    const [record] = await uploader.stored();
    await env.UPLOADS.resumeMultipartUpload(record?.key ?? "", record?.multipart ?? "").abort();
    expect(await uploader.put(ticket, 1, bytes(PART))).toMatchObject({ status: 410, code: "upload-gone" });
    expect((await uploader.start({ size })).ticket).not.toBe(ticket);
  });

  it("is given up on request, and leaves nothing in the bucket", async () => {
    const uploader = await Uploader.new();
    const ticket = await uploader.upload("sea");
    expect(await uploader.ask("DELETE", `/${ticket}`)).toMatchObject({ status: 410, code: "upload-gone" });
    expect([await keys(), await uploader.stored()]).toEqual([[], []]);
    expect(await uploader.put(ticket, 1, "sea")).toMatchObject({ status: 410 });
  });
});

describe("an upload that a reflex takes", () => {
  it("is the application's once the action is committed, and no other call's", async () => {
    const uploader = await Uploader.new();
    const ticket = await uploader.upload("sea");
    await uploader.call(ticket, "Album#addTwice");
    expect(seen).toHaveLength(2);
    expect(await uploader.stored()).toEqual([]);
    expect(await uploader.call(ticket)).toBe("done");
    expect(seen).toHaveLength(2);
    expect(logged).toMatchObject([{ event: "upload-absent", cause: expect.stringContaining("was taken") }]);
    expect((await uploader.start()).ticket).not.toBe(ticket);
    expect(await keys()).toEqual([`Album/photo/${ticket}`]);
  });

  it("waits for the next try when the action fails", async () => {
    const uploader = await Uploader.new();
    const ticket = await uploader.upload("sea");
    expect(await uploader.call(ticket, "Album#addThenThrow")).toBe("reflex-failed");
    expect(await uploader.stored()).toMatchObject([{ state: "done" }]);
    expect(await uploader.start()).toMatchObject({ ticket, isDone: true });
    await uploader.call(ticket);
    expect(seen).toHaveLength(2);
  });

  it("fails the action when it is given up while that runs, so that nobody keeps the key of what is gone", async () => {
    Object.assign(slow, { hasTaken: false, isDone: false });
    const uploader = await Uploader.new();
    const ticket = await uploader.upload("sea");
    const call = uploader.call(ticket, "Album#addSlowly");
    await vi.waitFor(() => expect(slow.hasTaken).toBe(true));
    await uploader.ask("DELETE", `/${ticket}`);
    slow.isDone = true;
    expect(await call).toBe("reflex-failed");
    expect(await keys()).toEqual([]);
    expect(logged).toMatchObject([
      { event: "reflex-failed", cause: { message: expect.stringContaining("given up") } },
    ]);
  });

  it("is not given to an action that may only read", async () => {
    const uploader = await Uploader.new();
    const ticket = await uploader.upload("sea");
    expect(await uploader.call(ticket, "Album#look")).toBe("reflex-failed");
    expect(logged[0]?.cause).toMatchObject({ code: "session-readonly" });
  });

  it("stays the application's when the action resets the session", async () => {
    const uploader = await Uploader.new();
    const [ticket, other] = [
      await uploader.upload("sea"),
      await uploader.upload("see", { fingerprint: "2" }),
    ];
    const stub = await uploader.stub();
    expect(await uploader.call(ticket, "Album#addThenReset")).toBe("done");
    const left = await runInDurableObject(stub, (_, { storage }) => {
      const row = storage.kv.get<{ values: ReadonlyMap<string, unknown> }>("session");
      return [...(row?.values.keys() ?? [])].filter((key) => key.startsWith(UPLOAD_KEY));
    });
    expect(left).toEqual([UPLOAD_KEY + other]);
  });

  it("comes with as many others as its field takes", async () => {
    const uploader = await Uploader.new();
    const tickets = [];
    for (const text of ["1", "2", "3"])
      tickets.push(await uploader.upload(text, { field: "many", count: 2, fingerprint: text, type: "" }));
    const tab = await Tab.open("/album", uploader.cookie);
    await tab.call("Album#add", { form: tickets.map((ticket) => ["many", "x", ticket]), args: ["many"] });
    expect(seen.map(({ text }) => text)).toEqual(["1", "2"]);
  });
});

describe("an upload that nobody takes", () => {
  it("is removed after its day, its session with all else left as it is", async () => {
    const uploader = await Uploader.new();
    await uploader.inTime();
    await uploader.upload("sea");
    const { ticket } = await uploader.start({ size: PART + 1 });
    await uploader.put(ticket, 1, bytes(PART));
    clock.now += LIMITS.uploadMs - 1;
    await runDurableObjectAlarm(await uploader.stub());
    expect(await uploader.stored()).toHaveLength(2);
    clock.now += 1;
    await runDurableObjectAlarm(await uploader.stub());
    expect([await keys(), await uploader.stored()]).toEqual([[], []]);
  });

  it("is removed again when its bytes may have come behind its removal", async () => {
    const uploader = await Uploader.new();
    await uploader.inTime();
    const { ticket } = await uploader.start();
    await uploader.ask("DELETE", `/${ticket}`);
    await env.UPLOADS.put(`Album/photo/${ticket}`, "sea");
    expect(await uploader.stored()).toMatchObject([{ state: "leaving" }]);
    clock.now += LIMITS.uploadRetryMs;
    await runDurableObjectAlarm(await uploader.stub());
    expect([await keys(), await uploader.stored()]).toEqual([[], []]);
  });

  it("goes with its session when that has expired", async () => {
    const uploader = await Uploader.new();
    await uploader.inTime();
    await uploader.upload("sea");
    const stub = await uploader.stub();
    // So that its upload is not due before it is: as in an application whose sessions are short.
    await runInDurableObject(stub, (object) => {
      Reflect.get(object, "surroundings").runtime.expiresInMs = 60_000;
    });
    await evictDurableObject(stub);
    clock.now += 40_000_000_000;
    await runDurableObjectAlarm(stub);
    await runDurableObjectAlarm(stub);
    expect(await keys()).toEqual([]);
    expect(await runInDurableObject(stub, (_, { storage }) => [...storage.kv.list()])).toEqual([]);
  });
});

describe("an upload of a session that has expired", () => {
  it("is removed again when its bytes may have come behind its session's end", async () => {
    const uploader = await Uploader.new();
    await uploader.inTime();
    const { ticket } = await uploader.start();
    const stub = await uploader.stub();
    clock.now += 40_000_000_000;
    await runDurableObjectAlarm(stub);
    await env.UPLOADS.put(`Album/photo/${ticket}`, "sea");
    clock.now += LIMITS.uploadRetryMs;
    await runDurableObjectAlarm(stub);
    expect(await keys()).toEqual([]);
  });
});

describe("an upload is refused before a byte of it is sent", () => {
  it.each([
    ["larger than its field takes", { size: 12_000_001 }, 413, "upload-too-large"],
    ["of a type that its field does not take", { type: "video/mp4" }, 415, "upload-type"],
    ["of a type that only looks like one", { type: "image", name: "image/png.gif" }, 415, "upload-type"],
    ["one of too many", { count: 2 }, 409, "upload-too-many"],
    ["for a field that the class does not have", { field: "resume" }, 404, "upload-unexpected"],
    ["for a field of all objects", { field: "constructor" }, 404, "upload-unexpected"],
    ["for a reflex that there is not", { target: "Nobody#home" }, 404, "upload-unexpected"],
    ["for a method that is no action", { target: "Album#params" }, 404, "upload-unexpected"],
    ["of a size that is no number", { size: "3" }, 400, "upload-malformed"],
    ["of less than nothing", { size: -1 }, 400, "upload-malformed"],
    ["of half a byte", { size: 0.5 }, 400, "upload-malformed"],
    [
      "with a name over its length",
      { name: "x".repeat(LIMITS.uploadNameChars + 1) },
      400,
      "upload-malformed",
    ],
    ["of a type that no header can carry", { type: "image/png\r\nX: 1" }, 400, "upload-malformed"],
    ["with no list of others", { except: null }, 400, "upload-malformed"],
    [
      "with too long a list of others",
      { except: Array.from({ length: LIMITS.uploads + 1 }, String) },
      400,
      "upload-malformed",
    ],
    ["with more to say than there is room", { target: "x".repeat(30_000) }, 400, "upload-malformed"],
  ])("when it is %s", async (_, file, status, code) => {
    const uploader = await Uploader.new();
    expect(await uploader.start(file)).toMatchObject({ status, code });
    expect(await uploader.stored()).toEqual([]);
  });

  it("saying what the field takes", async () => {
    const { message } = await (await Uploader.new()).start({ size: 12_000_001 });
    expect(message).toBe("The file has 12000001 bytes; the field takes at most 12000000.");
  });

  it("when it is no JSON", async () => {
    const uploader = await Uploader.new();
    for (const text of ["", "{", "null", "[]", "7"])
      expect(await uploader.ask("POST", "", text, { "Content-Length": `${text.length}` })).toMatchObject({
        status: 400,
      });
  });

  it("from another site, and without a session", async () => {
    const uploader = await Uploader.new();
    const body = JSON.stringify(FILE);
    const length = { "Content-Length": `${body.length}` };
    const foreign = { ...length, Origin: "https://evil.example" };
    expect(await uploader.ask("POST", "", body, foreign)).toMatchObject({
      status: 403,
      code: "upload-origin",
    });
    expect(await new Uploader("").ask("POST", "", body, length)).toMatchObject({
      status: 401,
      code: "upload-session",
    });
    expect(await new Uploader("__Host-reflex=v1.forged").ask("POST", "", body, length)).toMatchObject({
      status: 401,
    });
  });

  it("when its session has more than it may that no reflex has taken", async () => {
    const uploader = await Uploader.new();
    for (let index = 0; index < LIMITS.uploads; index += 1) await uploader.start({ fingerprint: `${index}` });
    expect(await uploader.start({ fingerprint: "more" })).toMatchObject({
      status: 429,
      code: "upload-no-room",
    });
    expect((await uploader.start({ fingerprint: "0" })).status).toBe(200);
  });

  it("when its session has begun and given up more than it may remember", async () => {
    const uploader = await Uploader.new();
    const call = { generation: 0, origin: ORIGIN };
    // As the Worker asks it, since so many requests would take their time.
    await runInDurableObject(await uploader.stub(), async (instance) => {
      const object = instance as SessionObject;
      for (let index = 0; index < LIMITS.uploadRecords; index += 1) {
        const said = await object.startUpload(JSON.stringify({ ...FILE, fingerprint: `${index}` }), call);
        if (said.kind === "progress") await object.cancelUpload(said.ticket, call);
      }
    });
    expect(await uploader.stored()).toHaveLength(LIMITS.uploadRecords);
    expect(await uploader.start()).toMatchObject({ status: 429, code: "upload-no-room" });
  });
});

describe("a part is refused", () => {
  it.each(["0", "3", "-1", "1.5", "99999", "1/2", "x"])("of the number %s", async (part) => {
    const uploader = await Uploader.new();
    const { ticket } = await uploader.start({ size: PART + 1 });
    expect(await uploader.put(ticket, part, "x")).toMatchObject({ status: 400, code: "upload-malformed" });
  });

  it.each([
    ["more", "sea!"],
    ["less", "se"],
  ])("that has %s bytes than were said, whatever it says of itself", async (_, body) => {
    const uploader = await Uploader.new();
    const { ticket } = await uploader.start();
    expect(await uploader.put(ticket, 1, body)).toMatchObject({ status: 400, code: "upload-torn" });
    const stream = new Blob([body]).stream();
    expect(await uploader.put(ticket, 1, stream)).toMatchObject({ status: 400, code: "upload-torn" });
    expect([await keys(), await uploader.stored()]).toMatchObject([[], [{ state: "open" }]]);
    expect(await uploader.put(ticket, 1, "sea")).toMatchObject({ isDone: true });
  });

  it("of an upload that there is not, or that is another session's", async () => {
    const [uploader, other] = [await Uploader.new(), await Uploader.new()];
    const { ticket } = await uploader.start();
    for (const path of [ticket, crypto.randomUUID(), "x".repeat(64)])
      expect(await other.put(path, 1, "sea")).toMatchObject({ status: 410, code: "upload-gone" });
    expect(await other.ask("DELETE", `/${ticket}`)).toMatchObject({ status: 410 });
    expect(await uploader.put(ticket, 1, "sea")).toMatchObject({ isDone: true });
  });
});

describe("a part that the bucket fails to take", () => {
  it.each([
    ["reads nothing of it", async () => Promise.reject(new Error("put: Please try again. (10001)"))],
    [
      "reads some of it",
      async (_: string, content: ReadableStream<Uint8Array>) => {
        await content.getReader().read();
        throw new Error("put: Please try again. (10001)");
      },
    ],
  ])("may be sent again, and the log says why, when it %s", async (_, put) => {
    // What a bucket and a session do here is all that they are asked for.
    const bucket = { put } as unknown as R2Bucket;
    const place = { kind: "place", key: "Album/photo/x", bytes: 300_000, name: "sea.png", type: "" } as const;
    const session = { placeUpload: async () => place } as unknown as RemoteUploads;
    const problems: string[] = [];
    const body = bytes(place.bytes);
    const request = new Request(`${ORIGIN}${UPLOAD_PATH}/x/1`, { method: "PUT", body });
    const log = ({ message }: Error) => problems.push(message);
    const answer = await answerUpload(request, { session, generation: 0, bucket: () => bucket, log });
    expect([answer.status, await answer.json()]).toMatchObject([503, { code: "upload-failed" }]);
    expect(problems).toEqual(["put: Please try again. (10001)"]);
  });
});

describe("a ticket gives a reflex no file", () => {
  it.each([
    ["that was forged", async () => crypto.randomUUID(), "Album#add"],
    ["of another session", async () => await (await Uploader.new()).upload("sea"), "Album#add"],
    ["of an upload that is not whole", async (own: Uploader) => (await own.start()).ticket, "Album#add"],
    ["of another class", async (own: Uploader) => await own.upload("sea"), "Profile#add"],
    ["of another field", async (own: Uploader) => await own.upload("s", { field: "many" }), "Album#add"],
    ["that leads to another value of the session", async () => "../identity", "Album#add"],
  ])("%s, and leaves a line in the log", async (_, ticketOf, target) => {
    const uploader = await Uploader.new();
    const ticket = await ticketOf(uploader);
    expect(await uploader.call(ticket, target)).toBe("done");
    expect(seen).toEqual([]);
    expect(logged).toMatchObject([{ event: "upload-absent" }]);
  });

  it("when its field is none that the class takes files in", async () => {
    const uploader = await Uploader.new();
    const ticket = await uploader.upload("sea");
    await uploader.call(ticket, "Album#add", "constructor", ["constructor"]);
    expect(seen).toEqual([]);
  });
});

/** How many rows an object has written meanwhile. */
async function rowsWritten(stub: DurableObjectStub, act: () => Promise<void>): Promise<number> {
  const puts = await runInDurableObject(stub, (_, { storage }) => {
    const { kv } = storage;
    const count = { value: 0 };
    const put = kv.put.bind(kv);
    kv.put = (key, value) => {
      count.value += 1;
      put(key, value);
    };
    return count;
  });
  await act();
  return puts.value;
}
