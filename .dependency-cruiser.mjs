// The layers as rules: lower never imports higher. `npm run check` enforces them.

/** Which rooms of src/ each room may import besides itself. */
const ROOMS = {
  protocol: [],
  render: ["protocol"],
  session: ["protocol"],
  security: ["protocol"],
  diff: ["protocol", "render"],
  reflex: ["protocol", "render", "session"],
  turn: ["protocol", "diff", "reflex", "render", "session"],
};

/** Rooms that only one file may import a certain package through. */
const GATEKEEPERS = [
  ["linkedom", "^src/render/document\\.ts$"],
  ["morphdom", "^client/morph\\.ts$"],
  ["hono", "^src/app/"],
  ["@hotwired/stimulus", "^client/stimulus\\.ts$"],
  ["cloudflare:workers", "^(durable-objects|src/app)/"],
];

const roomRules = Object.entries(ROOMS).map(([room, allowed]) => ({
  name: `src/${room}-imports-only-below`,
  severity: "error",
  from: { path: `^src/${room}/` },
  to: {
    path: "^(src|durable-objects|client|examples|test)/",
    pathNot: `^src/(${[room, ...allowed].join("|")})/`,
  },
}));

const gatekeeperRules = GATEKEEPERS.map(([name, path]) => ({
  name: `${name}-behind-its-room`,
  severity: "error",
  from: { path: "^(src|durable-objects|client)/", pathNot: path },
  to: { path: `(^|node_modules/)${name.replace("/", "\\/")}(/|$)` },
}));

export default {
  forbidden: [
    ...roomRules,
    ...gatekeeperRules,
    {
      name: "durable-objects-never-import-the-app",
      severity: "error",
      from: { path: "^durable-objects/" },
      to: { path: "^(src/app|src/index|client|examples|test)" },
    },
    {
      name: "app-never-imports-client-or-examples",
      severity: "error",
      from: { path: "^src/" },
      to: { path: "^(client|examples|test)/" },
    },
    {
      name: "client-imports-itself-and-protocol",
      severity: "error",
      from: { path: "^client/" },
      to: { path: "^(src|durable-objects|examples|test)/", pathNot: "^src/protocol/" },
    },
    {
      name: "examples-import-the-package-by-name",
      comment: "An example that reached into src/ would show what no application can do.",
      severity: "error",
      from: { path: "^examples/" },
      to: { path: "^(src|durable-objects|client|test)/", dependencyTypes: ["local"] },
    },
    {
      name: "no-circles",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "index-is-for-entries",
      severity: "error",
      from: {},
      to: { path: "^(src|durable-objects|client)/.+/index\\.ts$" },
    },
    {
      name: "resolvable",
      severity: "error",
      from: {},
      to: { couldNotResolve: true, pathNot: "^cloudflare:" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(\\.generated\\.ts$|^dist/)" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["edge-reflex-source", "import"] },
  },
};
