import { refuseSocket, refuseUpgrade } from "../../durable-objects/refuse.ts";
import { LIMITS } from "../protocol/limits.ts";
import { ERRAND_PATH, RUNTIME_PATH, SOCKET_PATH, TICKET_HEADER, UPLOAD_PATH } from "../protocol/names.ts";
import { UPGRADE_REFUSALS } from "../protocol/refusals.ts";
import { GENERATION_HEADER, IDENTITY_HEADER } from "../security/identity-headers.ts";
import { KEYS_SECRET, KeyRing, KeyRingError } from "../security/key-ring.ts";
import { newVisitorId, SessionCookie, sessionNameOf, type Visitor } from "../security/session-cookie.ts";
import { isFromSite, isUpgrade, otherVersionOf, whyNotUpgrade } from "../security/upgrade-check.ts";
import { bucketOf } from "../uploads/bucket.ts";
import { refusedUpload, uploadResponse } from "../uploads/upload-messages.ts";
import { findClientFile } from "./client-files.ts";
import type { ObjectNamespace } from "./object-classes.ts";
import { answerUpload, type RemoteUploads } from "./upload-front.ts";

/** One request's surroundings. */
export interface WorkerSurroundings {
  /** The Worker's bindings. */
  readonly env: unknown;
  /** Throws a sentence that says what is missing when the objects are not configured. */
  readonly sessions: () => ObjectNamespace;
}

/** What varies between applications. */
export interface FrontOptions {
  /** Further sites whose pages may open sockets, as `https://host`. */
  readonly allowedOrigins: readonly string[];
  /** How long a session lives after it was last seen, in milliseconds. */
  readonly expiresInMs: number;
  /** The name of the binding to the bucket of uploads. */
  readonly bucket: string;
}

/**
 * The stateless front: answers for the client's files, checks cookies and origins, and hands every other request
 * to its visitor's session object.
 */
export class Front {
  readonly #options: FrontOptions;
  readonly #now: () => number;
  readonly #log: (problem: Error) => void;
  /** The key ring is imported once an isolate, and again when the secret changes. */
  #cookie: { readonly secret: unknown; readonly cookie: SessionCookie } | undefined;

  constructor(options: FrontOptions, now: () => number, log: (problem: Error) => void) {
    this.#options = options;
    this.#now = now;
    this.#log = log;
  }

  async answer(request: Request, surroundings: WorkerSurroundings): Promise<Response> {
    const file = findClientFile(request);
    if (file !== undefined) return file;
    try {
      const cookie = this.#cookieOf(surroundings.env);
      const { pathname } = new URL(request.url);
      if (pathname === SOCKET_PATH) return await this.#openSocket(request, cookie, surroundings);
      // What opens a socket has to pass the checks above, on whatever path it is tried.
      if (isUpgrade(request)) return refuseUpgrade("socket-elsewhere");
      if (pathname === ERRAND_PATH) return await this.#runErrand(request, cookie, surroundings);
      if (`${pathname}/`.startsWith(`${UPLOAD_PATH}/`))
        return await this.#upload(request, cookie, surroundings);
      if (pathname.startsWith(`${RUNTIME_PATH}/`)) return new Response("Not found", { status: 404 });
      return await this.#servePage(request, cookie, surroundings);
    } catch (problem) {
      if (!(problem instanceof KeyRingError)) throw problem;
      // Whoever sees this is setting the application up: there is no visitor before there is a key.
      this.#log(problem);
      return new Response(problem.message, { status: 500, headers: { "Cache-Control": "no-store" } });
    }
  }

  async #openSocket(
    request: Request,
    cookie: SessionCookie,
    { sessions }: WorkerSurroundings,
  ): Promise<Response> {
    const refusal = whyNotUpgrade(request, this.#options.allowedOrigins);
    const other = refusal === "subprotocol-unknown" ? otherVersionOf(request) : undefined;
    if (other !== undefined) return refuseSocket("protocol-unknown", other);
    if (refusal !== undefined) return refuseUpgrade(refusal);
    const visitor = await cookie.read(request);
    if (visitor === undefined) return refuseSocket("session-invalid");
    return await (await sessionAt(sessions, visitor.id)).fetch(withGeneration(request, visitor.generation));
  }

  /** A browser fetches what a socket could not carry: cookies, its session's own among them. */
  async #runErrand(
    request: Request,
    cookie: SessionCookie,
    { sessions }: WorkerSurroundings,
  ): Promise<Response> {
    const ticket = request.headers.get(TICKET_HEADER);
    if (request.method !== "POST" || ticket === null || ticket.length > LIMITS.ticketChars)
      return errandRefused(400, `An errand is a POST with the header ${TICKET_HEADER}`);
    // No other site can send that header without asking first; a browser that says where it comes from has to come from here.
    if (!isFromSite(request, this.#options.allowedOrigins))
      return errandRefused(403, UPGRADE_REFUSALS["origin-forbidden"].message);
    const visitor = await cookie.read(request);
    if (visitor === undefined) return errandRefused(401, "There is no session to run an errand for");
    const { id, generation, isDue } = visitor;
    if (ticket === "" && !isDue) return new Response(null, { status: 204, headers: NO_STORE });
    const said = await (await sessionAt(sessions, id)).fetch(withGeneration(request, generation));
    const answer = await this.#withIdentity(said, { id, cookie, request });
    if (answer === undefined) return errandRefused(401, "The session has ended");
    // Only what the session takes for good is dated anew.
    return ticket === "" && answer.ok ? withCookie(answer, await cookie.write(visitor, request.url)) : answer;
  }

  /** A file on its way to a reflex: its bytes go past the session object, which knows what has come. */
  async #upload(
    request: Request,
    cookie: SessionCookie,
    { sessions, env }: WorkerSurroundings,
  ): Promise<Response> {
    if (!isFromSite(request, this.#options.allowedOrigins))
      return uploadResponse(refusedUpload("upload-origin"));
    const visitor = await cookie.read(request);
    if (visitor === undefined) return uploadResponse(refusedUpload("upload-session"));
    // The namespace is typed without its class, whose types would go round in a circle with the Worker's.
    const session = (await sessionAt(sessions, visitor.id)) as unknown as RemoteUploads;
    const { generation } = visitor;
    const bucket = () => bucketOf(env, this.#options.bucket);
    return await answerUpload(request, { session, generation, bucket, log: this.#log });
  }

  async #servePage(
    request: Request,
    cookie: SessionCookie,
    { sessions }: WorkerSurroundings,
  ): Promise<Response> {
    const visitor = (await cookie.read(request)) ?? newVisitor();
    const answer = await this.#askFor(visitor, { request, cookie, sessions });
    if (answer !== undefined) return answer;
    // Its cookie leads to a session that has ended: its visitor gets another.
    const next = newVisitor();
    // What was sent is gone with the first try, and was meant for another session.
    if (request.method !== "GET" && request.method !== "HEAD") {
      const text = "Your session has ended, so nothing was done. Go back and load the page again.";
      return withCookie(new Response(text, { status: 409 }), await cookie.write(next, request.url));
    }
    const page = await this.#askFor(next, { request, cookie, sessions });
    if (page === undefined) throw new Error("A session has ended before it has begun");
    return page;
  }

  /** Has a visitor's session answer, with what its browser needs of cookies; `undefined` when the session has ended. */
  async #askFor(visitor: Visitor, { request, cookie, sessions }: PageAsked): Promise<Response | undefined> {
    const { id, generation, isDue } = visitor;
    const response = await (await sessionAt(sessions, id)).fetch(withGeneration(request, generation));
    const answer = await this.#withIdentity(response, { id, cookie, request });
    if (answer !== response || !isDue) return answer;
    return withCookie(response, await cookie.write(visitor, request.url));
  }

  /**
   * Makes a cookie of what a session object says of its visitor's identity. The same response when it says nothing; `undefined`
   * when the session has ended.
   */
  async #withIdentity(response: Response, { id, cookie, request }: Asked): Promise<Response | undefined> {
    const identity = response.headers.get(IDENTITY_HEADER);
    if (identity === null) return response;
    if (identity === "ended") return undefined;
    const answer = new Response(response.body, response);
    answer.headers.delete(IDENTITY_HEADER);
    if (identity === "moved") return answer;
    const [, visitor = id, generation] = /^(?:([\w-]+)\.)?(\d+)$/.exec(identity) ?? [];
    return withCookie(
      answer,
      await cookie.write({ id: visitor, generation: Number(generation) }, request.url),
    );
  }

  #cookieOf(env: unknown): SessionCookie {
    const secret = secretOf(env);
    if (this.#cookie?.secret !== secret) this.#cookie = undefined;
    this.#cookie ??= {
      secret,
      cookie: new SessionCookie(new KeyRing(secret), this.#options.expiresInMs, this.#now),
    };
    return this.#cookie.cookie;
  }
}

/** One request, and whose it is. */
interface Asked {
  readonly id: string;
  readonly cookie: SessionCookie;
  readonly request: Request;
}

/** A request for a page, and where its visitor's session may be. */
interface PageAsked {
  readonly request: Request;
  readonly cookie: SessionCookie;
  readonly sessions: WorkerSurroundings["sessions"];
}

const NO_STORE = { "Cache-Control": "no-store" };

const newVisitor = (): Visitor => ({ id: newVisitorId(), generation: 0, isDue: true });

async function sessionAt(sessions: WorkerSurroundings["sessions"], id: string) {
  return sessions().getByName(await sessionNameOf(id));
}

/** Tells the object which cookie its visitor has, and nothing that the browser says of it. */
function withGeneration(request: Request, generation: number): Request {
  if (generation === 0 && !request.headers.has(GENERATION_HEADER)) return request;
  const headers = new Headers(request.headers);
  headers.set(GENERATION_HEADER, String(generation));
  return new Request(request, { headers });
}

function withCookie(response: Response, line: string): Response {
  const answer = new Response(response.body, response);
  answer.headers.append("Set-Cookie", line);
  // A cache that kept this response would hand one visitor's session to others.
  answer.headers.set("Cache-Control", "private, no-store");
  return answer;
}

function errandRefused(status: number, message: string): Response {
  return new Response(message, { status, headers: NO_STORE });
}

function secretOf(env: unknown): unknown {
  return typeof env === "object" && env !== null ? Reflect.get(env, KEYS_SECRET) : undefined;
}
