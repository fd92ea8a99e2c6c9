import { describe, expect, it } from "vitest";
import { Tab, visit } from "../support/tab.ts";
import { logged } from "../support/worker.ts";

const textOf = (value: unknown) => JSON.stringify(value);

describe("a value that a page has signed", () => {
  const opened = async (tab: Tab, text: string, purpose = "open") => {
    const element = ["b", { "data-drawer": text }];
    return (await tab.call("Desk#open", { args: [purpose], element })).payload;
  };

  it("comes back in a reflex, of this session or another, for its purpose alone", async () => {
    const text = await (await visit("/sealed")).text();
    const tab = await Tab.open("/desk");
    expect(await opened(tab, text)).toEqual({ drawer: 45 });
    expect(await opened(tab, text, "edit")).toEqual({ drawer: "none" });
    expect(await opened(tab, `${text}x`)).toEqual({ drawer: "none" });
    expect(await opened(tab, "45")).toEqual({ drawer: "none" });
  });

  it("may be signed by a reflex as well", async () => {
    const tab = await Tab.open("/desk");
    const { updates } = await tab.call("Desk#seal");
    expect(updates).toEqual([
      ["inner", "#note", expect.any(String)],
      ["inner", "#gone", ""],
    ]);
    expect(await opened(tab, String(updates[0]?.[2]))).toEqual({ drawer: 7 });
  });
});

describe("the fields of a form", () => {
  it("reach an action as groups, over the parameters of the page's address", async () => {
    const tab = await Tab.open("/desk?page=2&user[name]=Url");
    const form = [
      ["user[name]", "Ada"],
      ["user[roles][]", "a"],
      ["user[admin]", "1"],
    ];
    const { payload } = await tab.call("Desk#register", { form });
    expect(payload).toEqual({ name: "Ada", roles: ["a"], page: "2" });
    const more = { params: [["user[name]", "by a listener"]] };
    expect((await tab.call("Desk#register", { form, more })).payload).toMatchObject({
      name: "by a listener",
    });
  });

  it("that are missing have the call refused, and the log says which", async () => {
    const tab = await Tab.open("/desk");
    const { outcome, id } = await tab.call("Desk#register", { form: [["user", "Ada"]] });
    expect(outcome).toBe("reflex-failed");
    expect(logged.find((entry) => entry.id === id)?.cause).toMatchObject({ code: "params-missing" });
  });
});

describe("the built-in reflex", () => {
  it.each(["Reflex#refresh", "StimulusReflex::Reflex#default_reflex"])(
    "renders the page again, and no more: %s",
    async (target) => {
      const tab = await Tab.open("/random");
      const { outcome, updates } = await tab.call(target);
      expect([outcome, textOf(updates)]).toEqual(["done", expect.stringContaining("page")]);
    },
  );
});
