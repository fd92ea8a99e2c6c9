import { html } from "edge-reflex";
import { type Context, Hono } from "hono";
import { ChatStore } from "../chat/chat-store.ts";
import { chat } from "../chat/chat-view.ts";
import { ROOMS, type Room, topicOf } from "../chat/room.ts";
import { demo } from "../demo.ts";
import type { PageEnv } from "../environment.ts";
import { excerpt } from "../excerpt.ts";
import { type Here, hereList, typingText } from "../people/here.ts";
import { nameForm } from "../people/name-form.ts";
import { nameOf } from "../people/name-of.ts";

/** Rooms in which visitors talk: one page for each. */
export const chatPages = new Hono<PageEnv>();
for (const room of ROOMS) chatPages.get(room.path, (c) => showRoom(c, room));

async function showRoom(c: Context<PageEnv>, room: Room): Promise<Response> {
  const { session, tab, presence } = c.var;
  const name = nameOf(session);
  const here = await presence<Here>(topicOf(room), { name, isTyping: tab.get("typing") === room.id });
  const from = tab.get("chatFrom");
  const store = new ChatStore(c.env.DB, room.id);
  const shown = await store.last(session.id, from?.room === room.id ? from.id : undefined);
  const stage = html`<div class="chat" data-controller="chat" data-action="chat:said@document->chat#said">${nameForm(name)}
${hereList(here)}
${chat({ room, shown, typing: typingText(here), notice: tab.get("chatNotice") })}</div>`;
  const view = demo({ intro: INTRO, stage, about: ABOUT, excerpts: EXCERPTS });
  return c.render(view, { title: "Chat", section: "/chat", head: HEAD });
}

const HEAD = html`<link rel="stylesheet" href="/together.css">
<script type="module" src="/assets/showcase.js"></script>`;

const INTRO = html`<h1>Chat</h1>
<p class="lead">Rooms with what was said in them. Open one in two browsers, and talk to yourself.</p>`;

const ABOUT = html`<p>Messages are in D1. A page says which room it rests on: <code>presence("chat:lobby", { name })</code>; nothing that a browser sends can. Who says
something touches that topic with <code>this.touch("chat:lobby")</code>: each session that has the room open renders its own page, in which its own
messages are marked, and sends its browser the one line that is new.</p>
<p>One thing is the same for everybody, and so it is broadcast as an operation: the browser announces the message to who cannot see it, and tells the
page’s own script, which scrolls to it, unless you are reading what was said before.</p>
<p>The same call tells who is here: a visitor counts once, in however many tabs, and is gone a moment after the last of them is. That you are typing is told
with your name: the page renders it from the state of its tab, and what it tells changes with that.</p>
<p>How often you may say something is counted in your session. What is sent twice, over a bad network, say, has the same idempotency key, and is said
once.</p>`;

const EXCERPTS = [
  excerpt("reflexes/chat.ts", "Chat.say"),
  excerpt("pages/chat.ts", "showRoom"),
  excerpt("people/here.ts", "hereList", "typingText"),
  excerpt("chat/chat-store.ts", "ChatStore.say"),
  excerpt("browser/chat-controller.ts", "ChatController"),
];
