import { html, reflex, reflexes } from "edge-reflex";
import { Hono } from "hono";
import { demo } from "../demo.ts";
import type { PageEnv, SignupAnswer } from "../environment.ts";
import { excerpt } from "../excerpt.ts";
import { Signup } from "../reflexes/signup.ts";
import { FIELDS, type Field, type Messages } from "../signup/messages.ts";

/** A form that is checked by the server while it is filled in. */
export const signupPage = new Hono<PageEnv>().get("/signup", (c) => {
  const view = demo({ intro: INTRO, stage: stage(c.var.assigns.signup), about: ABOUT, excerpts: EXCERPTS });
  return c.render(view, { title: "Sign up", section: "/signup" });
});

const stage = ({ messages, isSent, welcomed }: SignupAnswer = NOTHING_YET) => html`<div class="signup">
${welcomed === undefined ? form(messages, isSent) : welcome(welcomed)}
</div>`;

const NOTHING_YET: SignupAnswer = { messages: {}, isSent: false };

/** A form that was sent says so in a field of its own: from then on everything that is missing is told. */
const form = (
  messages: Messages,
  isSent: boolean,
) => html`<form id="signup" novalidate data-reflex="${reflex("submit", Signup, "submit")}">
${isSent && summary(messages)}
${FIELDS.map((name) => field(name, messages[name]))}
${isSent && html`<input type="hidden" name="sent" value="yes">`}
<button class="button">Sign up</button>
</form>`;

/** Gets the focus when it comes, so that whoever does not see it is told of it, and goes on from there. */
const summary = (
  messages: Messages,
) => html`<div id="summary" class="signup-summary" role="group" aria-labelledby="summary-heading" tabindex="-1" autofocus>
<h2 id="summary-heading">${summaryText(Object.keys(messages).length)}</h2>
<ul>${FIELDS.filter((name) => messages[name] !== undefined).map(
  (name) => html`<li><a href="#${name}">${LABELS[name]}</a>: ${messages[name]}</li>`,
)}</ul>
</div>`;

function summaryText(count: number): string {
  if (count === 0) return "That is all. Send it again.";
  return count === 1 ? "One thing is left to do" : `${count} things are left to do`;
}

/** The message is there while it is empty too: what appears together with its live region is not announced. */
const field = (name: Field, message: string | undefined) => html`<p class="signup-field">
<label for="${name}">${LABELS[name]}</label>
<input id="${name}" class="text-input" name="${name}" type="${TYPES[name]}" autocomplete="${AUTOCOMPLETE[name]}" maxlength="100" required
  aria-invalid="${message !== undefined}" aria-describedby="${name}-message"
  data-reflex="${reflexes(reflex("input", Signup, "check"), reflex("blur", Signup, "check"))}" data-reflex-debounce="250">
<span id="${name}-message" class="signup-message" aria-live="polite">${message}</span>
</p>`;

const welcome = (
  name: string,
) => html`<div id="welcome" class="signup-welcome" role="group" aria-labelledby="welcome-heading" tabindex="-1" autofocus>
<h2 id="welcome-heading">Welcome, ${name}</h2>
<p>Your account would be there now, if this were not a demo. Nothing of what you typed is kept.</p>
<p><button class="button button-quiet" type="button" data-reflex="${reflex("click", Signup, "again")}">Once more</button></p>
</div>`;

const LABELS: Readonly<Record<Field, string>> = {
  name: "Name",
  email: "E-mail address",
  password: "Password",
  repeat: "Password again",
};

const TYPES: Readonly<Record<Field, string>> = {
  name: "text",
  email: "email",
  password: "password",
  repeat: "password",
};

const AUTOCOMPLETE: Readonly<Record<Field, string>> = {
  name: "username",
  email: "email",
  password: "new-password",
  repeat: "new-password",
};

const INTRO = html`<h1>Sign up</h1>
<p class="lead">A form that says what is wrong with it while you fill it in. The name <kbd>ada</kbd> is taken; send it empty, too.</p>`;

const ABOUT = html`<p>A quarter of a second after you have typed, and when you leave a field, the form goes to <code>Signup#check</code>; when you send it, to
<code>Signup#submit</code>. Both ask the same checks, on the server alone: whether a name is taken is nothing that a browser could know. What you type is
not sent back, and no update touches it.</p>
<p>Each message is beside its field, belongs to it by <code>aria-describedby</code>, and is announced when it changes. Who sends a form that is not
finished gets a summary, which takes the focus and leads to the fields. It is plain HTML: <code>autofocus</code>, rendered by the server.</p>`;

const EXCERPTS = [
  excerpt("reflexes/signup.ts", "Signup"),
  excerpt("pages/signup.ts", "field", "summary"),
  excerpt("signup/messages.ts", "messagesFor"),
];
