import { html, type LayoutInput, type View } from "edge-reflex";
import { DEMO_GROUPS } from "./demos.ts";

declare module "edge-reflex" {
  interface PageProps {
    /** The entry of the navigation that the page belongs to, by its path. */
    section?: string;
    /** What the page needs in `<head>` besides what every page has. */
    head?: View;
  }
}

const SITE_NAME = "edge-reflex";
const DESCRIPTION =
  "Server-driven web pages on Cloudflare Workers and Durable Objects, without client code to write.";

/** The document around every page of the showcase. */
export function layout({ title, section, head, content, client }: LayoutInput): View {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="description" content="${DESCRIPTION}">
<title>${title === "" ? SITE_NAME : `${title} – ${SITE_NAME}`}</title>
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/showcase.css">
<link rel="stylesheet" href="/demos.css">
${/* First, so that what watches the page's socket is there before the socket. */ head}
${client}
</head>
<body>
<a class="skip-link" href="#content">Skip to the content</a>
${siteHeader(section)}
<main id="content" class="main-column" tabindex="-1">${content}</main>
<footer class="site-footer">
<p>Every page here was rendered inside your own Durable Object, next to the session that it shows.</p>
</footer>
</body>
</html>`;
}

/** How the navigation calls the page that is open; nothing on the home page. */
function labelOf(section: string | undefined): View | undefined {
  const open = DEMO_GROUPS.flatMap(({ demos }) => demos).find(({ path }) => path === section);
  return open && html`<span class="site-menu-open">${open.label}</span>`;
}

function siteHeader(section: string | undefined): View {
  return html`<header class="site-header">
<a class="site-name" href="/"><img src="/favicon.svg" alt="" width="28" height="28">${SITE_NAME}</a>
<nav class="site-nav" aria-label="Demos">
<button class="site-menu-button" type="button" popovertarget="site-menu">Demos${labelOf(section)}</button>
<div id="site-menu" class="site-menu" popover>${DEMO_GROUPS.map(({ name, demos }, index) => {
    const id = `site-menu-${index}`;
    return html`<div role="group" aria-labelledby="${id}"><p id="${id}">${name}</p><ul>${demos.map(
      ({ path, label }) =>
        html`<li><a href="${path}" aria-current=${path === section ? "page" : undefined}>${label}</a></li>`,
    )}</ul></div>`;
  })}</div>
</nav>
${connection()}
</header>`;
}

/**
 * All that can be said of the connection; the style sheet shows the one that is true, by the attribute that the
 * client keeps on `<html>`. Only bad news is announced: a greeting at every page load would be noise.
 */
function connection(): View {
  return html`<p class="connection">
<span data-when="connecting">connecting</span><span data-when="online">connected</span>
<span role="status"><span data-when="offline">offline, trying again</span><span data-when="refused">session over, load the page again</span></span>
</p>`;
}
