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
