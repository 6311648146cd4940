// Comfort only: every page works without it. Buttons that need a script are hidden until it has come.
"use strict";

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue; // plain http on the office's network
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    button.textContent = "Kode disalin";
  });
}

// After a refusal the summary is what should be read first.
document.getElementById("salah")?.focus();

// In a frame of another site (sematkan.js): says how tall it is, to the site that asked, if the office has named it.
const sites = document.body.dataset.frames?.split(" ") ?? [];
if (window.parent !== window && sites.length) {
  document.documentElement.classList.add("framed");
  addEventListener("message", event => {
    if (event.source !== window.parent || !sites.includes(event.origin) || event.data !== "pengaduan:tinggi") return;
    const tell = () => event.source.postMessage(
      { pengaduan: "tinggi", tinggi: Math.ceil(document.body.getBoundingClientRect().height) }, event.origin);
    const watcher = new ResizeObserver(tell);
    const watch = () => { watcher.disconnect(); watcher.observe(document.body); };
    addEventListener("pengaduan:halaman", watch); // formulir.js has put another page into its place
    watch();
  });
}

// The counter: a number that is known fills what is still empty.
const known = document.querySelector("[data-known]");
known?.addEventListener("change", async () => {
  const note = document.getElementById("dikenal");
  note.textContent = "";
  const answer = await fetch(`${known.dataset.known}?telepon=${encodeURIComponent(known.value)}`).catch(() => undefined);
  if (!answer?.ok) return;
  const person = await answer.json();
  if (!person.visits) return;
  for (const name of ["nama", "pekerjaan", "alamat"]) {
    const field = document.getElementById(name);
    if (!field.value && person[name]) field.value = person[name];
  }
  note.textContent = `Sudah dikenal: ${person.nama ?? "tanpa nama"}, ${person.visits} aduan. Periksa lagi sebelum dicatat.`;
});

// A form that is filled many times over is sent without leaving the keys.
const quick = document.querySelector("form[data-quick]");
quick?.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.ctrlKey) quick.requestSubmit();
});

// Several at once: how many are chosen, and all of them by one press. A form carries no more than a hundred.
for (const list of document.querySelectorAll(".pickable")) {
  const boxes = [...list.querySelectorAll("[name=aduan]")].slice(0, 100), all = list.querySelector("[data-choose-all]");
  const count = () => {
    const chosen = list.querySelectorAll("[name=aduan]:checked").length;
    list.querySelector("[data-chosen]").textContent = chosen ? `${chosen} dipilih` : "Untuk yang dipilih";
    all.textContent = chosen < boxes.length ? "Pilih semua" : "Lepas semua";
  };
  if (!all) continue;
  all.hidden = false;
  all.addEventListener("click", () => {
    const wanted = boxes.some((box) => !box.checked);
    for (const box of boxes) box.checked = wanted;
    count();
  });
  list.addEventListener("change", count);
  addEventListener("pageshow", count); // the browser remembers what was chosen
}

// Live: the stream says that something happened, the page asks what. Numbers change in place; lists stay as they are until
// the reader wants the new one.
const live = document.querySelector("[data-live]");
if (live && window.EventSource) {
  const PAUSE_MS = 4000;
  let stream, asked = 0, later;

  const say = (name, text, again) => {
    let line = live.querySelector(`[data-line=${name}]`);
    if (!text) {
      line?.remove();
      return;
    }
    if (!line) {
      line = live.appendChild(document.createElement("p"));
      line.dataset.line = name;
    }
    line.textContent = text;
    if (!again) return;
    const link = document.createElement("a");
    link.href = location.href;
    link.textContent = "Muat ulang";
    line.append(" ", link);
  };

  const ask = async () => {
    later = undefined;
    asked = Date.now();
    const answer = await fetch(live.dataset.live, { headers: { Accept: "application/json" } }).catch(() => undefined);
    if (!answer?.ok || answer.redirected) {
      if (answer) stream?.close(); // logged out, or no longer ours to see
      return;
    }
    const news = await answer.json();
    for (const [key, count] of Object.entries(news.tiles ?? {})) {
      const number = document.querySelector(`[data-tile="${key}"] strong`);
      if (number) number.textContent = count;
    }
    say("berubah", news.mark !== live.dataset.mark && (news.words ?? live.dataset.changed), true);
  };

  const soon = () => {
    later ??= setTimeout(ask, Math.max(0, PAUSE_MS - (Date.now() - asked)));
  };

  const open = () => {
    stream = new EventSource(live.dataset.live);
    stream.addEventListener("tersambung", () => { live.dataset.connected = ""; soon(); });
    stream.addEventListener("berubah", soon);
    stream.addEventListener("melihat", (event) => say("melihat", event.data && `${event.data} juga sedang membuka aduan ini.`));
  };

  // A tab that nobody looks at needs no connection.
  document.addEventListener("visibilitychange", () => {
    stream?.close();
    if (!document.hidden) open();
  });
  if (!document.hidden) open();
}

// Shortcuts: single keys, never while something is typed; whoever is disturbed by them turns them off on /bantuan.
const SHORTCUTS_OFF = "pintasan-mati";
const go = (path) => () => document.querySelector(`.nav-list a[href="${path}"]`)?.click();
const focus = (css) => () => {
  const field = document.querySelector(css);
  field?.closest("details")?.setAttribute("open", "");
  field?.focus();
};
const step = (by) => () => {
  const rows = [...document.querySelectorAll("a.case")];
  const at = rows.indexOf(document.activeElement);
  rows[at < 0 ? 0 : Math.min(Math.max(at + by, 0), rows.length - 1)]?.focus();
};
const shortcuts = [
  ["/", "Cari", focus(".main input[type=search]")],
  ["j", "Baris berikutnya", step(1)],
  ["k", "Baris sebelumnya", step(-1)],
  ["m", "Ke Meja", go("/meja")],
  ["b", "Ke Buku", go("/buku")],
  ["l", "Ke Loket", go("/loket")],
  ["t", "Tindakan utama", focus(".main form .btn--main")],
  ["c", "Tulis catatan", focus("#catatan")],
  ["?", "Daftar pintasan ini", () => showShortcuts()],
];
const fillShortcuts = (list) => {
  for (const [key, label] of shortcuts) {
    const name = document.createElement("dt"), what = document.createElement("dd");
    name.appendChild(document.createElement("kbd")).textContent = key;
    what.textContent = label;
    list.append(name, what);
  }
};
const showShortcuts = () => {
  let dialog = document.getElementById("daftar-pintasan");
  if (!dialog) {
    dialog = document.body.appendChild(document.createElement("dialog"));
    dialog.id = "daftar-pintasan";
    dialog.className = "dialog dialog--over stack";
    const title = dialog.appendChild(document.createElement("h2"));
    title.textContent = "Pintasan papan ketik";
    title.id = "daftar-pintasan-h";
    dialog.setAttribute("aria-labelledby", title.id);
    const list = dialog.appendChild(document.createElement("dl"));
    list.className = "facts";
    fillShortcuts(list);
    const form = dialog.appendChild(document.createElement("form"));
    form.method = "dialog";
    const close = form.appendChild(document.createElement("button"));
    close.className = "btn";
    close.textContent = "Tutup";
  }
  dialog.showModal();
};
const shortcutsOff = () => localStorage.getItem(SHORTCUTS_OFF) === "1";
if (document.querySelector("nav.nav")) {
  document.addEventListener("keydown", (event) => {
    const busy = event.target.closest("input, textarea, select, dialog, [contenteditable]");
    if (busy || event.ctrlKey || event.metaKey || event.altKey || shortcutsOff()) return;
    const found = shortcuts.find(([key]) => key === event.key);
    if (!found) return;
    event.preventDefault();
    found[2]();
  });
}
const shortcutList = document.querySelector("[data-shortcuts]");
if (shortcutList) {
  fillShortcuts(shortcutList.querySelector("dl"));
  const box = document.getElementById("pintasan");
  box.checked = !shortcutsOff();
  box.addEventListener("change", () => {
    if (box.checked) localStorage.removeItem(SHORTCUTS_OFF);
    else localStorage.setItem(SHORTCUTS_OFF, "1");
  });
  shortcutList.hidden = false;
}
