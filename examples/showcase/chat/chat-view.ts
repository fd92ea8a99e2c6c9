import { html, keyed, reflex, reflexes, type View } from "edge-reflex";
import { Chat } from "../reflexes/chat.ts";
import type { Shown } from "./chat-store.ts";
import { type Message, TEXT_CHARS_MAX } from "./message.ts";
import { ROOMS, type Room } from "./room.ts";

/** What a visitor sees of a room. */
interface ChatInput {
  readonly room: Room;
  readonly shown: Shown;
  /** Who else is writing something, in a phrase. */
  readonly typing: string;
  /** What is wrong with what the visitor wanted to say; absent: nothing. */
  readonly notice: string | undefined;
}

/** A room: what was said in it, and a line to say something. Its messages are announced by an operation, so the list is no live region. */
export function chat({ room, shown, typing, notice }: ChatInput): View {
  return html`<nav class="chat-rooms" aria-label="Rooms">${ROOMS.map((one) => roomLink(one, one === room))}</nav>
<div class="chat-frame">
<div id="log" class="chat-log" role="region" aria-label="What was said" tabindex="0" data-chat-target="log" data-action="scroll->chat#scrolled">
${shown.hasOlder && older(shown)}
<ol class="messages">${keyed(shown.messages, ({ id }) => `${id}`, message)}</ol>
</div>
<button class="button chat-below" type="button" hidden data-reflex-permanent data-chat-target="below" data-action="chat#down">New messages below</button>
</div>
<form id="say" class="chat-form" data-controller="sending"
  data-action="reflex:before->sending#before reflex:queued->sending#sent reflex:delivered->sending#sent reflex:after->sending#after submit->chat#follow" data-reflex="${reflex("submit", Chat, "say")}">
<label class="only-heard" for="text">What you say</label>
<input id="text" class="text-input" data-sending-target="field" name="text" maxlength="${TEXT_CHARS_MAX}" placeholder="Say something" autocomplete="off" aria-describedby="chat-notice"
  data-action="chat#rest" data-reflex="${reflexes(reflex("input", Chat, "type"), reflex("chat:rested", Chat, "rest"))}" data-reflex-throttle="1500">
<button class="button">Say</button>
</form>
<p id="typing" class="chat-typing">${typing}</p>
<p id="chat-notice" class="chat-notice" role="status">${notice}</p>`;
}

const roomLink = ({ path, label }: Room, isCurrent: boolean) =>
  html`<a href="${path}" aria-current=${isCurrent ? "page" : undefined}>${label}</a>`;

const older = ({ messages: [oldest] }: Shown) =>
  html`<button id="older" class="button button-quiet" type="button" data-reflex="${reflex("click", Chat, "older", oldest?.id ?? 0)}">Older</button>`;

const message = ({
  id,
  name,
  text,
  saidAt,
  isOwn,
}: Message) => html`<li id="message-${id}" class="${["message", isOwn && "message-own"]}">
<p class="message-head"><b>${isOwn ? `You (${name})` : name}</b> <time datetime="${new Date(saidAt).toISOString()}">${new Date(saidAt).toISOString().slice(11, 16)}</time></p>
<p class="message-text">${text}</p>
</li>`;
