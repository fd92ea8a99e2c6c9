import { announce } from "./announce.ts";
import { type Effect, type LiveOperation, namesOf, recordOf, textOf } from "./live-operation.ts";

/** Operations on the document as a whole, and on what the browser keeps for it. */
export const DOCUMENT_EFFECTS = {
  setMeta: (operation) => {
    const name = textOf(operation, "name");
    const present = document.head.querySelector<HTMLMetaElement>(`meta[name="${CSS.escape(name)}"]`);
    const meta = present ?? document.head.appendChild(document.createElement("meta"));
    meta.name = name;
    meta.content = textOf(operation, "content");
  },
  setTitle: (operation) => {
    document.title = textOf(operation, "title");
  },
  setCookie: (operation) => {
    // biome-ignore lint/suspicious/noDocumentCookie: the operation is this, and not every browser has a Cookie Store
    document.cookie = textOf(operation, "cookie");
  },
  setStorageItem: (operation) =>
    storageOf(operation).setItem(textOf(operation, "key"), textOf(operation, "value")),
  removeStorageItem: (operation) => storageOf(operation).removeItem(textOf(operation, "key")),
  clearStorage: (operation) => storageOf(operation).clear(),
  consoleLog: ({ message, level }) => {
    const isLevel = level === "warn" || level === "info" || level === "error";
    console[isLevel ? level : "log"](message);
  },
  consoleTable: (operation) => {
    const columns = namesOf(operation, "columns");
    // An empty list of columns shows none.
    console.table(operation.data, columns.length === 0 ? undefined : [...columns]);
  },
  notification: async (operation) => {
    const permission = await Notification.requestPermission();
    operation.permission = permission;
    if (permission === "granted")
      new Notification(textOf(operation, "title"), recordOf(operation, "options"));
  },
  announce,
} satisfies Readonly<Record<string, Effect<Document>>>;

/** As far as it is asked for anything here. */
interface TurboDrive {
  visit(url: string, options: object): void;
}

/** Operations on the window: where it is, and where it goes. */
export const WINDOW_EFFECTS = {
  pushState: (operation) => history.pushState(...entryOf(operation)),
  replaceState: (operation) => history.replaceState(...entryOf(operation)),
  go: ({ delta }) => {
    if (typeof delta === "number") history.go(delta);
  },
  redirectTo: (operation) => {
    const { protocol, href } = new URL(textOf(operation, "url"), document.baseURI);
    // Going to a javascript: address would run it.
    if (protocol !== "https:" && protocol !== "http:") throw new TypeError(`No address to go to: ${href}`);
    const { action = "advance", turbo } = operation;
    const drive: TurboDrive | undefined = turbo === false ? undefined : Reflect.get(globalThis, "Turbo");
    if (drive !== undefined) drive.visit(href, { action });
    else location[action === "replace" ? "replace" : "assign"](href);
  },
  reload: () => location.reload(),
} satisfies Readonly<Record<string, Effect<Window>>>;

function storageOf({ type }: LiveOperation): Storage {
  return type === "session" ? sessionStorage : localStorage;
}

function entryOf(operation: LiveOperation): [state: unknown, title: string, url: string] {
  return [recordOf(operation, "state"), textOf(operation, "title"), textOf(operation, "url")];
}
