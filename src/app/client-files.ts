import { RUNTIME_PATH } from "../protocol/names.ts";
import { FOLLOWING_TAG } from "../protocol/stream-names.ts";
import { renderToString } from "../render/render.ts";
import { html, type View } from "../render/view.ts";
import { CLIENT_FILES, CLIENT_VERSION } from "./client-files.generated.ts";

const YEAR_SECONDS = 31_536_000;

/**
 * What a layout puts into `<head>`: loads the client. The address carries the version of the files, so that a
 * browser keeps them for good and a deploy is seen at once.
 */
export function clientTag(): View {
  return fileTag("client");
}

/**
 * The beginning of a document, with what defines the elements that follow topics if there is one in its body.
 *
 * @param start up to the end of the tag of `<body>`
 */
export function withElements(start: string, body: string): string {
  const end = start.lastIndexOf("</head>");
  if (end === -1 || !body.includes(FOLLOWING_TAG)) return start;
  return start.slice(0, end) + renderToString(fileTag("elements")) + start.slice(end);
}

function fileTag(name: string): View {
  return html`<script type="module" src="${`${RUNTIME_PATH}/${name}.js?v=${CLIENT_VERSION}`}"></script>`;
}

/**
 * The client's file of that path, or `undefined`. Answered by the Worker alone, without touching an object.
 *
 * Under another version than the present one, or none, a file is one line that passes on the present one: however
 * a page names it, it gets the same module, with the same classes and the same connection.
 */
export function findClientFile(request: Request): Response | undefined {
  const { pathname, searchParams } = new URL(request.url);
  const name = pathname.startsWith(`${RUNTIME_PATH}/`) ? pathname.slice(RUNTIME_PATH.length + 1) : "";
  const text = Object.hasOwn(CLIENT_FILES, name) ? CLIENT_FILES[name] : undefined;
  if (text === undefined) return undefined;
  if (request.method !== "GET" && request.method !== "HEAD") return new Response(null, { status: 405 });
  const isPresent = searchParams.get("v") === CLIENT_VERSION;
  const headers = {
    "Content-Type": "text/javascript; charset=utf-8",
    "Cache-Control": isPresent ? `public, max-age=${YEAR_SECONDS}, immutable` : "public, no-cache",
    "X-Content-Type-Options": "nosniff",
    ETag: `"${CLIENT_VERSION}"`,
  };
  if (request.headers.get("If-None-Match") === headers.ETag)
    return new Response(null, { status: 304, headers });
  const body = isPresent ? text : `export * from "./${name}?v=${CLIENT_VERSION}";\n`;
  return new Response(request.method === "HEAD" ? null : body, { headers });
}
