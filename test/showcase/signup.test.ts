import { describe, expect, it } from "vitest";
import { messagesFor } from "../../examples/showcase/signup/messages.ts";
import { Params } from "../../src/reflex/params.ts";

const FINE = { name: "lin", email: "lin@example.com", password: "correct horse", repeat: "correct horse" };

const messages = (changed: Readonly<Record<string, string>>) =>
  messagesFor(new Params(Object.entries({ ...FINE, ...changed })));

describe("the checks of the sign-up form", () => {
  it("find nothing wrong with a form that is filled in", () => {
    expect(messages({})).toEqual({});
    expect(messages({ name: "  lin ", email: " lin@example.com " })).toEqual({});
  });

  it("say of every field that is missing what to do", () => {
    expect(Object.keys(messagesFor(new Params([])))).toEqual(["name", "email", "password", "repeat"]);
  });

  it.each([
    [{ name: "9lives" }, { name: "Begin with a letter; go on with letters, digits and hyphens." }],
    [{ name: "a".repeat(21) }, { name: "That is 21 characters; 20 are the most." }],
    [{ name: "Ada" }, { name: "Ada is taken. How about Ada-2?" }],
    [{ email: "lin" }, { email: "An address looks like ada@example.com." }],
    [{ password: "too short", repeat: "too short" }, { password: "One character more." }],
    [{ password: "short", repeat: "short" }, { password: "5 characters more." }],
    [{ password: "aaaaaaaaaaaa", repeat: "aaaaaaaaaaaa" }, { password: "Use more different characters." }],
    [{ repeat: "correct horse " }, { repeat: "That is another password." }],
  ])("say of %j: %j", (changed, expected) => {
    expect(messages(changed)).toEqual(expected);
  });
});
