import { expect, it } from "vitest";
import { BrowserRequest } from "../../src/reflex/browser-request.ts";

it("changes no header but those that the action changed, though the browser has come back with others", () => {
  let cookie = "theme=light";
  const browser = new BrowserRequest(
    () => new Request("https://site.example/", { headers: { Cookie: cookie, "Accept-Language": "de" } }),
  );
  expect(browser.headers.get("Accept-Language")).toBe("de");
  cookie = "theme=dark";
  expect(browser.changes).toBeUndefined();
  browser.headers.set("Accept-Language", "en");
  browser.headers.delete("X-None");
  expect(browser.changes).toEqual([["accept-language", "en"]]);
});
