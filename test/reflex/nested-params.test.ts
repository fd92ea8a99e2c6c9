import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LIMITS } from "../../src/protocol/limits.ts";
import { type FieldGroup, type FieldValue, nestFields, ParamsError } from "../../src/reflex/nested-fields.ts";
import { fieldsOf, Params } from "../../src/reflex/params.ts";

type Fields = readonly (readonly [string, string])[];

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
const nest = (fields: Fields) => plain(nestFields(fields));

/** The fields that a form would have for a group. */
function fieldsFor(value: FieldValue, name: string): Fields {
  if (typeof value === "string") return [[name, value]];
  if (Array.isArray(value)) return value.flatMap((item: FieldValue) => fieldsFor(item, `${name}[]`));
  return Object.entries(value).flatMap(([key, inner]) =>
    fieldsFor(inner, name === "" ? key : `${name}[${key}]`),
  );
}

const key = fc.string({ minLength: 1 }).filter((text) => !/[[\]]/.test(text));
const { group } = fc.letrec<{ group: FieldGroup; value: FieldValue }>((tie) => ({
  group: fc.dictionary(key, tie("value"), { minKeys: 1, maxKeys: 4, noNullPrototype: true }),
  value: fc.oneof(
    { depthSize: "small" },
    fc.string(),
    fc.array(fc.string(), { minLength: 1, maxLength: 3 }),
    tie("group"),
  ),
}));

describe("names with brackets", () => {
  it("lead back to the groups that they were written from", () => {
    fc.assert(
      fc.property(group, (group) => {
        expect(nest(fieldsFor(group, ""))).toEqual(plain(group));
      }),
    );
  });

  it.each<[string, Fields, unknown]>([
    ["text", [["name", "Ada"]], { name: "Ada" }],
    [
      "a group",
      [
        ["user[name]", "Ada"],
        ["user[age]", "36"],
      ],
      { user: { name: "Ada", age: "36" } },
    ],
    [
      "a list",
      [
        ["user[roles][]", "a"],
        ["user[roles][]", "b"],
      ],
      { user: { roles: ["a", "b"] } },
    ],
    [
      "a list of groups, of which a name that is there begins the next",
      [
        ["items[][qty]", "1"],
        ["items[][price]", "2"],
        ["items[][qty]", "3"],
      ],
      { items: [{ qty: "1", price: "2" }, { qty: "3" }] },
    ],
    [
      "lists in a list of groups",
      [
        ["items[][tags][]", "a"],
        ["items[][tags][]", "b"],
        ["items[][n][x]", "1"],
        ["items[][n][x]", "2"],
      ],
      { items: [{ tags: ["a", "b"], n: { x: "1" } }, { n: { x: "2" } }] },
    ],
    [
      "numbered groups",
      [
        ["items[0][qty]", "1"],
        ["items[10][qty]", "2"],
      ],
      { items: { 0: { qty: "1" }, 10: { qty: "2" } } },
    ],
    [
      "the last of a name, as behind a hidden field",
      [
        ["agree", "0"],
        ["agree", "1"],
      ],
      { agree: "1" },
    ],
    [
      "a name as it stands where its brackets are none",
      [
        ["a[b", "1"],
        ["[c]", "2"],
        ["d]", "3"],
        ["e[f]g", "4"],
        ["", "5"],
      ],
      { "a[b": "1", "[c]": "2", "d]": "3", "e[f]g": "4", "": "5" },
    ],
  ])("are %s", (_, fields, expected) => {
    expect(nest(fields)).toEqual(expected);
  });

  it.each<[string, Fields]>([
    [
      "text and a group",
      [
        ["a", "1"],
        ["a[b]", "2"],
      ],
    ],
    [
      "a group and text",
      [
        ["a[b]", "2"],
        ["a", "1"],
      ],
    ],
    [
      "text and a list",
      [
        ["a", "1"],
        ["a[]", "2"],
      ],
    ],
    [
      "a list and a group",
      [
        ["a[]", "1"],
        ["a[b]", "2"],
      ],
    ],
    [
      "a group and a list",
      [
        ["a[b]", "1"],
        ["a[]", "2"],
      ],
    ],
    [
      "texts and groups in a list",
      [
        ["a[]", "1"],
        ["a[][b]", "2"],
      ],
    ],
    [
      "groups and texts in a list",
      [
        ["a[][b]", "1"],
        ["a[]", "2"],
      ],
    ],
  ])("that contradict each other are refused, saying which: %s", (_, fields) => {
    expect(() => nestFields(fields)).toThrow(ParamsError);
    expect(() => nestFields(fields)).toThrow(
      expect.objectContaining({ code: "params-shape", param: fields[1]?.[0] }),
    );
  });

  it("never reach a prototype, and have none", () => {
    const hostile: Fields = [
      ["__proto__[polluted]", "1"],
      ["constructor[prototype][polluted]", "2"],
      ["a[__proto__][polluted]", "3"],
      ["toString", "4"],
    ];
    const root = nestFields(hostile);
    expect(Reflect.get({}, "polluted")).toBeUndefined();
    expect(Object.getPrototypeOf(root)).toBeNull();
    expect(Reflect.get(Reflect.get(root, "__proto__") as object, "polluted")).toBe("1");
    const taken = new Params(hostile).permit({ a: [{ ["__proto__"]: ["polluted"] } as never] }, "toString");
    expect([Object.getPrototypeOf(taken), taken.toString]).toEqual([null, "4"]);
  });

  it("nest so deep and no deeper", () => {
    const deep = (levels: number) => `a${"[b]".repeat(levels)}`;
    expect(() => nestFields([[deep(LIMITS.paramDepth), "1"]])).not.toThrow();
    expect(() => nestFields([[deep(LIMITS.paramDepth + 1), "1"]])).toThrow(
      expect.objectContaining({ code: "params-depth" }),
    );
    expect(() => nestFields([[deep(100_000), "1"]])).toThrow(/nests 100000 levels; expected at most 32/);
  });

  it("make an error that says what is wrong, or groups, and nothing else, of whatever a browser sends", () => {
    const piece = fc.constantFrom("a", "b", "0", "__proto__", "[", "]", "[]", "[a]", "[b]", "[][a]");
    const name = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(""));
    fc.assert(
      fc.property(fc.array(fc.tuple(name, fc.string()), { maxLength: 8 }), (fields) => {
        try {
          nestFields(fields);
        } catch (error) {
          expect(error).toBeInstanceOf(ParamsError);
        }
        expect(Object.keys(Object.prototype)).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});

describe("what is permitted of a form", () => {
  const params = new Params([
    ["user[name]", "Ada"],
    ["user[admin]", "1"],
    ["user[roles][]", "a"],
    ["user[roles][]", "b"],
    ["user[address][street]", "S"],
    ["user[address][secret]", "x"],
    ["user[items][][qty]", "1"],
    ["user[items][][secret]", "x"],
    ["user[rows][10][qty]", "10"],
    ["user[rows][9][qty]", "9"],
    ["user[rows][x][qty]", "x"],
    ["page", "2"],
  ]);

  it("is what the filters name, in the shapes that they say", () => {
    const user = params.require("user").permit("name", {
      roles: [],
      address: ["street"],
      items: [["qty"]],
      rows: [["qty"]],
    });
    // The types say the same.
    const name: string | undefined = user.name;
    const roles: readonly string[] | undefined = user.roles;
    const street: string | undefined = user.address?.street;
    const quantities = user.rows?.map(({ qty }) => qty);
    expect([name, roles, street, quantities]).toEqual(["Ada", ["a", "b"], "S", ["9", "10"]]);
    expect(plain(user)).toEqual({
      name: "Ada",
      roles: ["a", "b"],
      address: { street: "S" },
      items: [{ qty: "1" }],
      rows: [{ qty: "9" }, { qty: "10" }],
    });
    // @ts-expect-error what is not permitted is not there
    expect(user.admin).toBeUndefined();
    expect(Object.getPrototypeOf(user.address)).toBeNull();
  });

  it("leaves out what is of another shape, and what is not there", () => {
    const user = params.require("user");
    expect(plain(user.permit({ name: [] }, { roles: ["x"] }, "address", { items: [] }, "gone"))).toEqual({});
    expect(plain(user.permit({ name: ["x"] }, { roles: [["x"]] }, { address: [["x"]] }))).toEqual({
      address: [],
    });
    expect(plain(params.permit("page", "user"))).toEqual({ page: "2" });
  });

  it("is asked of a group that has to be there", () => {
    expect(() => params.require("post")).toThrow(
      expect.objectContaining({
        code: "params-missing",
        message: expect.stringContaining("no field in post[…]"),
      }),
    );
    expect(() => params.require("page")).toThrow(/There is "2", and no field in page/);
    expect(() => params.require("user").require("name")).toThrow(/in user\[name\]\[…\]/);
    expect(plain(params.require("user").require("address").toObject())).toEqual({ street: "S", secret: "x" });
  });
});

describe("the fields of a call", () => {
  const query = new URLSearchParams("page=2&name=Url&user[role]=admin&tag=u");
  const form: Fields = [
    ["name", "Form"],
    ["user[name]", "Ada"],
    ["tag", "f"],
    ["tag", "g"],
  ];

  it("of the form come before those of the address, which add to none of its groups", () => {
    const params = new Params(fieldsOf({ form, query }));
    expect([params.get("name"), params.get("page"), params.getAll("tag")]).toEqual(["Form", "2", ["f", "g"]]);
    expect(plain(params.nested)).toEqual({ name: "Form", user: { name: "Ada" }, tag: "g", page: "2" });
    expect(plain(new Params(fieldsOf({ query })).nested)).toMatchObject({ user: { role: "admin" } });
  });

  it("that a script of the page has added take the place of the form's", () => {
    const params = new Params(
      fieldsOf({
        form,
        added: [
          ["tag", "script"],
          ["user[age]", "36"],
        ],
        query,
      }),
    );
    expect(params.getAll("tag")).toEqual(["script"]);
    expect(plain(params.nested.user)).toEqual({ name: "Ada", age: "36" });
  });
});
