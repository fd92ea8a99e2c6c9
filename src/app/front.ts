import { refuseSocket, refuseUpgrade } from "../../durable-objects/refuse.ts";
import { RUNTIME_PATH, SOCKET_PATH } from "../protocol/names.ts";
import { KEYS_SECRET, KeyRing, KeyRingError } from "../security/key-ring.ts";
import { newVisitorId, SessionCookie, sessionNameOf } from "../security/session-cookie.ts";
import { isUpgrade, otherVersionOf, whyNotUpgrade } from "../security/upgrade-check.ts";
import { findClientFile } from "./client-files.ts";

/** Where the Worker finds the session objects. */
export type SessionNamespace = Pick<DurableObjectNamespace, "getByName">;

/** One request's surroundings. */
export interface WorkerSurroundings {
  /** The Worker's bindings. */
  readonly env: unknown;
  /** Throws a sentence that says what is missing when the objects are not configured. */
  readonly sessions: () => SessionNamespace;
}

/** What varies between applications. */
export interface FrontOptions {
  /** Further sites whose pages may open sockets, as `https://host`. */
  readonly allowedOrigins: readonly string[];
  /** How long a session lives after it was last seen, in milliseconds. */
  readonly expiresInMs: number;
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
    return await sessions()
      .getByName(await sessionNameOf(visitor.id))
      .fetch(request);
  }

  async #servePage(
    request: Request,
    cookie: SessionCookie,
    { sessions }: WorkerSurroundings,
  ): Promise<Response> {
    const visitor = await cookie.read(request);
    const id = visitor?.id ?? newVisitorId();
    const response = await sessions()
      .getByName(await sessionNameOf(id))
      .fetch(request);
    if (visitor?.isDue === false) return response;
    const answer = new Response(response.body, response);
    answer.headers.append("Set-Cookie", await cookie.write(id, request.url));
    // A cache that kept this response would hand one visitor's session to others.
    answer.headers.set("Cache-Control", "private, no-store");
    return answer;
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

function secretOf(env: unknown): unknown {
  return typeof env === "object" && env !== null ? Reflect.get(env, KEYS_SECRET) : undefined;
}
