import { describe, expect, it } from "vitest";
import { Tab } from "../support/tab.ts";
import { answered, logged } from "../support/worker.ts";

/** The lines of what is done. */
async function linesOf(act: () => Promise<unknown>) {
  const [before, said] = [answered.length, logged.length];
  await act();
  return { lines: answered.slice(before), said: logged.slice(said) };
}

describe("the log of calls", () => {
  it("has one line for each call, with its outcome, time and size", async () => {
    const tab = await Tab.open("/desk?x=1");
    const { lines } = await linesOf(async () => {
      const { frame } = await tab.call("Desk#tell", { args: ["done"] });
      const bytes = new TextEncoder().encode(JSON.stringify(frame)).length;
      expect(answered.at(-1)).toEqual({
        event: "reflex",
        id: expect.stringMatching(/^[\da-f-]{36}$/),
        target: "Desk#tell",
        url: "/desk?x=1",
        outcome: "done",
        ms: expect.any(Number),
        bytes,
        updates: 1,
      });
      for (const end of ["nothing", "halted", "forbidden", "selectors", "reflex-failed", "page-failed"])
        await tab.call("Desk#tell", { args: [end] });
      await tab.call("Desk#missing");
    });
    expect(lines.map(({ outcome }) => outcome)).toEqual([
      "done",
      "nothing",
      "halted",
      "forbidden",
      "done",
      "reflex-failed",
      "page-failed",
      "unknown-action",
    ]);
    for (const { ms = -1 } of lines) expect(ms).toBeGreaterThanOrEqual(0);
  });

  it("names calls as the browser was told, so that a line and a failure are found together", async () => {
    const tab = await Tab.open("/desk");
    const { id } = await tab.call("Desk#tell", { args: ["reflex-failed"] });
    expect([answered, logged].map((log) => log.filter((entry) => entry.id === id).length)).toEqual([1, 1]);
  });

  it("says nothing of arguments and fields", async () => {
    const tab = await Tab.open("/desk");
    const detail = {
      args: ["a secret"],
      form: [["password", "a secret"]],
      element: ["b", { "data-x": "a secret" }],
      more: { text: "a secret", params: [["more", "a secret"]] },
    };
    const { lines, said } = await linesOf(() => tab.call("Desk#write", detail));
    expect(JSON.stringify([lines, said])).not.toContain("a secret");
    expect(said).toEqual([
      {
        event: "log",
        id: lines[0]?.id,
        target: "Desk#write",
        url: "/desk",
        level: "warn",
        message: "written",
        details: { chars: 8 },
      },
    ]);
  });

  it("has no line for a call that asks for none, and still its failure", async () => {
    const tab = await Tab.open("/desk");
    const { lines, said } = await linesOf(async () => {
      await tab.call("Desk#count", { more: { quiet: 1 } });
      await tab.call("Desk#tell", { args: ["reflex-failed"], more: { quiet: 1 } });
    });
    expect(lines).toEqual([]);
    expect(said).toMatchObject([{ event: "reflex-failed" }]);
  });

  it("has no line for a call that is made again", async () => {
    const tab = await Tab.open("/desk");
    await tab.call("Desk#count");
    const { lines } = await linesOf(async () => {
      tab.callAs(1, "Desk#count");
      await tab.call("Desk#peek");
    });
    expect(lines.map(({ target }) => target)).toEqual(["Desk#peek"]);
  });
});
