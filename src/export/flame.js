// Zoom and search of the flame graph. No network, no fonts, no HTML made of text: names are set as
// textContent only. Frames come in the order of the tree; data-x and data-w are parts of the whole.
(function () {
	"use strict";
	var root = document.documentElement;
	var wide = Number(root.getAttribute("data-wide"));
	var left = Number(root.getAttribute("data-left"));
	var character = 6.6; // width of a monospace 11 px character
	var status = document.getElementById("status");
	var matched = document.getElementById("matched");
	var clear = document.getElementById("clear");
	var reset = document.getElementById("reset");
	var frames = Array.prototype.map.call(document.querySelectorAll("g.f"), function (g) {
		return {
			g: g,
			rect: g.querySelector("rect"),
			text: g.querySelector("text"),
			title: g.querySelector("title").textContent,
			name: g.getAttribute("data-name"),
			x: Number(g.getAttribute("data-x")),
			w: Number(g.getAttribute("data-w")),
			depth: Number(g.getAttribute("data-d"))
		};
	});

	function show(node, on) {
		node.style.display = on ? "" : "none";
	}

	function label(name, width) {
		var fits = Math.floor((width - 6) / character);
		if (fits < 3)
			return "";
		return name.length <= fits ? name : name.slice(0, fits - 1) + "…";
	}

	function draw(x, w, depth) {
		frames.forEach(function (f) {
			var above = f.depth < depth && f.x <= x && f.x + f.w >= x + w;
			var from = above ? 0 : (f.x - x) / w, part = above ? 1 : f.w / w;
			var width = part * wide;
			var seen = from + part > 1e-9 && from < 1 - 1e-9 && width >= 0.2 &&
				(above || f.depth >= depth);
			show(f.g, seen);
			if (!seen)
				return;
			f.g.classList.toggle("above", above && f.depth < depth);
			f.rect.setAttribute("x", left + from * wide);
			f.rect.setAttribute("width", width);
			f.text.setAttribute("x", left + from * wide + 3);
			f.text.textContent = label(f.name, width);
		});
		show(reset, depth > 0);
	}

	function search() {
		var asked = window.prompt("Search (a regular expression)", "");
		if (asked)
			find(asked);
	}

	function find(asked) {
		var pattern;
		try {
			pattern = new RegExp(asked, "i");
		} catch (error) {
			pattern = new RegExp(asked.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"), "i");
		}
		var sum = 0, counted = -1; // a frame inside one that was counted adds nothing
		frames.forEach(function (f) {
			var hit = pattern.test(f.name);
			f.g.classList.toggle("hit", hit);
			if (hit && f.x >= counted - 1e-9) {
				sum += f.w;
				counted = f.x + f.w;
			}
		});
		matched.textContent = "matched: " + (100 * sum).toFixed(1) + " %";
		show(clear, true);
	}

	function forget() {
		frames.forEach(function (f) {
			f.g.classList.remove("hit");
		});
		matched.textContent = "";
		show(clear, false);
	}

	function unzoom() {
		draw(0, 1, 0);
	}

	frames.forEach(function (f) {
		f.g.addEventListener("click", function () {
			draw(f.x, f.w, f.depth);
		});
		f.g.addEventListener("mouseover", function () {
			status.textContent = f.title;
		});
		f.g.addEventListener("mouseout", function () {
			status.textContent = "";
		});
	});
	document.getElementById("search").addEventListener("click", search);
	clear.addEventListener("click", forget);
	reset.addEventListener("click", unzoom);
	window.addEventListener("keydown", function (event) {
		if (event.key === "/" || (event.key === "f" && (event.ctrlKey || event.metaKey))) {
			event.preventDefault();
			search();
		} else if (event.key === "Escape") {
			forget();
			unzoom();
		}
	});
	unzoom();
})();
