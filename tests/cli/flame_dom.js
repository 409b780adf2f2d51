// Runs the script of an exported flame graph on as much of a document as it uses: zoom, search, undo.
// flame_dom.js FILE prints each frame as NAME@X+WIDTH, ^ above a zoom, ! found, - not shown.
"use strict";
const fs = require("fs");
const svg = fs.readFileSync(process.argv[2], "utf8");

function plain(text) {
	return text.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&quot;/g, '"').replace(/&#39;/g, "'")
		.replace(/&amp;/g, "&");
}

function attributes(tag) {
	const out = {};
	for (const [, name, value] of tag.matchAll(/([\w-]+)="([^"]*)"/g))
		out[name] = plain(value);
	return out;
}

function element(tag, text, children) {
	const attrs = attributes(tag), classes = new Set(), handlers = {};
	return {
		attrs, style: {}, textContent: plain(text || ""),
		getAttribute: (name) => attrs[name],
		setAttribute: (name, value) => { attrs[name] = String(value); },
		querySelector: (name) => children[name],
		addEventListener: (event, call) => { handlers[event] = call; },
		fire: (event) => handlers[event](),
		classList: {
			toggle: (name, on) => { if (on) classes.add(name); else classes.delete(name); },
			remove: (name) => classes.delete(name),
			has: (name) => classes.has(name),
		},
	};
}

const FRAME = /<g class="f"([^>]*)><title>([^<]*)<\/title><rect([^>]*)\/><text([^>]*)>([^<]*)<\/text><\/g>/g;
const frames = [...svg.matchAll(FRAME)].map(([, g, title, rect, text, label]) => element(g, "", {
	title: element("", title), rect: element(rect), text: element(text, label),
}));
const ids = {};
for (const id of ["status", "matched", "clear", "reset", "search"])
	ids[id] = element("");
const keys = [];
let answer = "";
global.document = {
	documentElement: element(svg.match(/<svg[^>]*>/)[0]),
	getElementById: (id) => ids[id],
	querySelectorAll: () => frames,
};
global.window = {prompt: () => answer, addEventListener: (event, call) => keys.push(call)};
(0, eval)(svg.match(/<!\[CDATA\[\n([\s\S]*)\]\]>/)[1]);

function say(what) {
	console.log(what);
	for (const frame of frames) {
		const rect = frame.querySelector("rect").attrs;
		const shown = frame.style.display === "";
		console.log("  " + (shown ? frame.querySelector("text").textContent + "@" + Math.round(rect.x) + "+" +
			Math.round(rect.width) + (frame.classList.has("above") ? "^" : "") +
			(frame.classList.has("hit") ? "!" : "") : "-"));
	}
}

say("drawn");
frames[2].fire("click");
say("zoomed, reset is " + (ids.reset.style.display || "shown"));
answer = "render";
ids.search.fire("click");
say("searched, " + ids.matched.textContent);
answer = "(";
ids.search.fire("click");
say("searched for a broken expression, " + ids.matched.textContent);
keys[0]({key: "Escape", preventDefault() {}});
say("undone, reset is " + (ids.reset.style.display || "shown") + ids.matched.textContent);
frames[3].fire("mouseover");
console.log(ids.status.textContent);
