/** One page of the showcase, as the navigation and the home page name it. */
interface DemoEntry {
  readonly path: string;
  /** Its name in the navigation and on the home page. */
  readonly label: string;
  /** What a visitor finds there, in a sentence. */
  readonly what: string;
}

/** Pages that show sides of one thing. */
interface DemoGroup {
  readonly name: string;
  readonly demos: readonly DemoEntry[];
}

/** Every page of the showcase but its home page, in the order in which they are best read. */
export const DEMO_GROUPS: readonly DemoGroup[] = [
  {
    name: "First steps",
    demos: [
      {
        path: "/counter",
        label: "Counter",
        what: "A number in your session that outlives reloads, restarts and tabs.",
      },
      {
        path: "/value",
        label: "Value",
        what: "What you type, shown by the server at every keystroke and kept nowhere.",
      },
      {
        path: "/balls",
        label: "Balls",
        what: "One handler that knows a page load from a reflex: three balls or none.",
      },
      {
        path: "/reverse",
        label: "Reverse",
        what: "Text, the other way round, while you type it.",
      },
      {
        path: "/gravatar",
        label: "Gravatar",
        what: "An address of an e-mail becomes a hash, and the hash a picture.",
      },
    ],
  },
  {
    name: "Pages of an application",
    demos: [
      {
        path: "/todos",
        label: "Todos",
        what: "TodoMVC to the letter, on a SQL database, with routes for its filters.",
      },
      {
        path: "/upload",
        label: "Photo wall",
        what: "Files in a form: up in parts, with a bar, and resumed where the network broke.",
      },
      {
        path: "/books",
        label: "Book search",
        what: "A hundred and some books, searched while you type, with what was found marked.",
      },
      {
        path: "/tabular",
        label: "Table",
        what: "Filter, sort and turn pages; the address says what is shown.",
      },
      {
        path: "/signup",
        label: "Sign up",
        what: "A form that says what is wrong while you fill it in, to everybody.",
      },
      {
        path: "/places",
        label: "Places",
        what: "Country, region, city: each choice decides what the next one offers.",
      },
      {
        path: "/calendar",
        label: "Calendar",
        what: "Month by month, with what you plan for each day.",
      },
      {
        path: "/snake",
        label: "Snake",
        what: "A game of which every step is a reflex, and no script is in the page.",
      },
    ],
  },
  {
    name: "State",
    demos: [
      {
        path: "/session",
        label: "Session",
        what: "Log in and out, messages, cookies that no script can read, and what belongs to one tab.",
      },
      {
        path: "/clicks",
        label: "Clicks of all",
        what: "A number that every visitor counts, and one that is computed once for all of them.",
      },
      {
        path: "/structures",
        label: "Structures",
        what: "Counters, lists, sets and slots: in your session, and shared by all visitors.",
      },
      {
        path: "/timer",
        label: "Timer",
        what: "It goes on while the tab is closed, and rings once, in its time.",
      },
      {
        path: "/report",
        label: "Report",
        what: "Over everybody’s todos, made by a queue while you do something else.",
      },
    ],
  },
  {
    name: "Together",
    demos: [
      {
        path: "/chat",
        label: "Chat",
        what: "Rooms of talk: each page marks its own messages, and reads the others’ out.",
      },
      {
        path: "/board",
        label: "Board",
        what: "Cards that everybody moves and writes, with pointer or keyboard, and nobody overwrites unseen.",
      },
      {
        path: "/life",
        label: "Life",
        what: "One game of life for everybody, five generations a second; and everybody may click.",
      },
    ],
  },
  {
    name: "Under load",
    demos: [
      {
        path: "/rows",
        label: "A thousand rows",
        what: "Moved, searched and changed; and what each update costs.",
      },
      {
        path: "/network",
        label: "A bad network",
        what: "Slow, lossy, cut: every press counts, and counts once.",
      },
      {
        path: "/operations",
        label: "Operations",
        what: "Every explicit instruction to the page, a button for each, with its events.",
      },
    ],
  },
];
