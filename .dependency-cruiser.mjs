// Who may import whom. Lower rooms never import higher ones: protocol, time ← diff, reflex, render ← turn ←
// durable-objects ← app. The client shares only the protocol with the server. Tests may import anything.

/** Rooms of src/ that one turn is made of; none of them knows the turn, or anything above it. */
const FEATURES = "src/(diff|reflex|render|session|security|state|cache|cable|uploads|topics)";

/** What applications import; by these files the package's name resolves to its source. */
const PUBLIC_FILES = "^(src/index|client/(index|stimulus|simulate|operations)|durable-objects/index)\\.ts$";

/**
 * A rule against one kind of import. `from` and `to` are regular expressions for paths; `except` lists the allowed.
 *
 * @param {string} name
 * @param {string} comment
 * @param {{ from: string, fromExcept?: string, to?: string, except?: string }} paths
 */
function forbid(name, comment, { from, fromExcept, to, except }) {
  return {
    name,
    comment,
    severity: "error",
    from: { path: from, ...(fromExcept === undefined ? {} : { pathNot: fromExcept }) },
    to: { ...(to === undefined ? {} : { path: to }), ...(except === undefined ? {} : { pathNot: except }) },
  };
}

/**
 * A package, or a module of the runtime, that only these files may import.
 *
 * @param {string} name
 * @param {{ to: string, only: string, comment: string }} rule
 */
function confine(name, { to, only, comment }) {
  return forbid(`${name}-is-confined`, comment, {
    from: "^(src|client|durable-objects|examples)/",
    fromExcept: only,
    to,
  });
}

/** Where a package is, whether installed flat or nested. */
const packageAt = (/** @type {string} */ name) => `(^|/)node_modules/${name}/`;

const LAYERS = [
  forbid("protocol-imports-nothing", "The waist that client and server share stays free of both.", {
    from: "^src/protocol/",
    except: "^src/protocol/",
  }),
  forbid("time-imports-nothing", "Whatever waits may use it, so it is below all that waits.", {
    from: "^src/time/",
    except: "^src/time/",
  }),
  forbid("features-below-turn", "A feature that knew the turn could not be used, or tested, without it.", {
    from: `^${FEATURES}/`,
    to: "^(src/(turn|app)/|src/index\\.ts$|durable-objects/|client/|examples/|test/)",
  }),
  forbid("diff-knows-no-feature", "Two renders in, one patch out: the diff needs nothing but their types.", {
    from: "^src/diff/",
    to: "^src/(?!diff/|protocol/|render/)",
  }),
  forbid("render-knows-no-reflex", "Rendering is below what is rendered.", {
    from: "^src/render/",
    to: "^src/(?!render/|protocol/)",
  }),
  forbid("turn-below-shells", "The turn is pure: no socket, no storage, no Worker.", {
    from: "^src/turn/",
    to: "^(?!src/(turn|protocol|diff|reflex|render|session|security|state|cache|cable|uploads|topics|time)/)",
  }),
  forbid("durable-objects-below-app", "The app hands the objects what they need; they never reach for it.", {
    from: "^durable-objects/",
    to: "^(src/app/|src/index\\.ts$|client/|examples/|test/)",
  }),
  forbid("app-knows-no-client", "The app serves the built client; it never runs it.", {
    from: "^src/(app/|index\\.ts$)",
    to: "^(client|examples|test)/",
  }),
  forbid("client-imports-protocol-only", "All else would ship the server to the browser.", {
    from: "^client/",
    except: `^client/|^src/protocol/|${packageAt("(morphdom|@hotwired/stimulus)")}`,
  }),
  forbid(
    "examples-use-the-public-api",
    "An example that reaches inside shows what an application cannot do.",
    {
      from: "^examples/",
      except: `^examples/|^cloudflare:|${PUBLIC_FILES}|${packageAt("(hono|drizzle-orm|@hotwired/stimulus)")}`,
    },
  ),
  forbid(
    "benches-measure-the-public-api",
    "One file measures the turn by itself; the rest sees what applications see.",
    {
      from: "^bench/",
      fromExcept: "^bench/app/(turn-ways|state-object)\\.ts$",
      to: "^(src|client|durable-objects)/",
      except: "^src/(protocol/|index\\.ts$)",
    },
  ),
  forbid("production-knows-no-test", "Tests import the rooms, never the reverse.", {
    from: "^(src|client|durable-objects|examples)/",
    to: "^(test|scripts|bench)/",
  }),
];

const CONFINED = [
  confine("linkedom", {
    to: packageAt("linkedom"),
    only: "^src/render/document\\.ts$",
    comment: "Opaque HTML is the slow way; one file knows it.",
  }),
  confine("morphdom", {
    to: packageAt("morphdom"),
    only: "^client/morph\\.ts$",
    comment: "Focus, caret and permanent rules live in one place.",
  }),
  confine("hono", {
    to: packageAt("hono"),
    only: "^(src/app|examples)/|^src/state/cookies\\.ts$",
    comment: "Only the app ties routes to reflexes; cookies are read and written as hono does.",
  }),
  confine("drizzle-orm", {
    to: packageAt("drizzle-orm"),
    only: "^examples/",
    comment: "How an application asks its database is the application's choice.",
  }),
  confine("cloudflare", {
    to: "^cloudflare:",
    only: "^(durable-objects|src/app|examples)/",
    comment:
      "Everything else of the package runs, and is tested, on plain Node; applications have objects of their own.",
  }),
  {
    name: "stimulus-only-as-type",
    comment: "Stimulus is an optional peer: the application brings its own copy.",
    severity: "error",
    from: { path: "^client/" },
    to: { path: packageAt("@hotwired/stimulus"), dependencyTypesNot: ["type-only"] },
  },
  {
    name: "examples-by-package-name",
    comment: "An application imports the package by its name; so does an example.",
    severity: "error",
    from: { path: "^examples/" },
    to: { path: PUBLIC_FILES, dependencyTypes: ["local"] },
  },
];

const SHAPE = [
  {
    name: "no-cycles",
    comment: "Files that import each other are one file, or lack an interface between them.",
    severity: "error",
    from: {},
    to: { circular: true },
  },
  {
    name: "no-unresolved",
    comment: "A path that leads nowhere: a typing error, or a package missing in package.json.",
    severity: "error",
    from: {},
    // The runtime brings these; they are nowhere on disk.
    to: { couldNotResolve: true, pathNot: "^(cloudflare|node):" },
  },
  {
    name: "no-other-index",
    comment:
      "Files are imported by their own path; only the three entries of the package are called index.ts.",
    severity: "error",
    from: {},
    // The rule is about the file's name; only a rule that counts importers may leave out who they are.
    module: { path: "(^|/)index\\.ts$", pathNot: PUBLIC_FILES, numberOfDependentsLessThan: 100 },
  },
];

export default {
  forbidden: [...LAYERS, ...CONFINED, ...SHAPE],
  options: {
    doNotFollow: { path: "node_modules" },
    // From the top only: packages keep what they export in a dist of their own.
    exclude: { path: "^(dist|examples/[^/]+/public|test/\\.artefacts|\\.wrangler)/" },
    // Type imports count: a type of a higher room is knowledge of that room.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["edge-reflex-source", "import", "types", "default"],
      extensions: [".ts", ".mjs", ".js", ".d.ts"],
    },
  },
};
