import { fieldsOf } from "../../../client/forms.ts";

// Runs in Chromium; test/browser/forms.test.ts bundles it and calls what it leaves in `window`.

const query = (selector: string | undefined) =>
  selector === undefined ? null : document.querySelector<HTMLElement>(selector);

Object.assign(window, {
  /** What the client says of the form around an element, in a page of this HTML. */
  fields(html: string, element: string, submitter?: string): unknown {
    document.body.innerHTML = html;
    const of = query(element);
    if (of === null) throw new Error(`The page has no ${element}`);
    return fieldsOf(of, query(submitter)) ?? null;
  },
  /** What the browser says when it submits the page's form itself, by GET into a frame. */
  async submitted(submitter?: string): Promise<readonly (readonly [string, string])[]> {
    const form = document.querySelector("form");
    if (form === null) throw new Error("The page has no form");
    const frame = document.createElement("iframe");
    frame.name = "answer";
    document.body.append(frame);
    form.noValidate = true;
    form.target = "answer";
    form.action = "/answer";
    const loaded = new Promise((resolve) => {
      frame.addEventListener(
        "load",
        () => frame.contentWindow?.location.pathname === "/answer" && resolve(true),
      );
    });
    form.requestSubmit(query(submitter));
    await loaded;
    return [...new URLSearchParams(frame.contentWindow?.location.search)];
  },
});
