// The page: a talk with the assistant, what waits for a yes, what was done, what left.
// All text of others is shown as text: nothing here makes markup of a string.
import { html, render, useState, useEffect, useRef } from "./preact-htm.js";
import { ask, findToken, follow, keepToken } from "./home.js";
import { language, words } from "./words.js";

document.documentElement.lang = language;

function App() {
  const [open, setOpen] = useState(false);
  const [fault, setFault] = useState("");
  const [room, setRoom] = useState("talk");
  const [talks, setTalks] = useState([]);
  const [talk, setTalk] = useState("");
  const [bells, setBells] = useState([]);
  const [first, setFirst] = useState("");

  const enter = async () => {
    try {
      const found = (await ask("/api/sessions")).sessions;
      setTalks(found);
      setTalk((now) => now || (found[0] && found[0].id) || "");
      setOpen(true);
      setFault("");
    } catch (error) {
      setFault(error.status === 401 ? words.wrong : error.message);
      setOpen(false);
    }
  };
  useEffect(() => { if (findToken()) enter(); }, []);
  useEffect(() => {
    if (!open) return undefined;
    const ending = new AbortController();
    (async () => {
      try {
        for await (const told of follow("/api/rings", "GET", undefined, ending.signal))
          if (told.type === "ring") setBells((all) => [...all, { ...told, key: Math.random() }]);
      } catch { /* the page is left, or the server ended: the next request says so */ }
    })();
    return () => ending.abort();
  }, [open]);

  if (!open) return html`<${Door} fault=${fault} enter=${enter} />`;
  const begin = async (text) => {
    const made = await ask("/api/sessions", "POST");
    setFirst(text);
    setTalk(made.id);
    setRoom("talk");
    enter();
  };
  const remove = async (id) => {
    await ask(`/api/sessions/${id}`, "DELETE");
    if (id === talk) setTalk("");
    enter();
  };
  const rooms = [["talk", words.talk], ["done", words.done], ["left", words.left]];
  return html`<div class="all">
    <a class="away" href="#log">${words.skip}</a>
    <header><h1>agentkit</h1><nav aria-label="agentkit">${rooms.map(([name, told]) => html`
      <button type="button" aria-current=${room === name ? "page" : undefined}
        onClick=${() => setRoom(name)}>${told}</button>`)}</nav></header>
    ${bells.map((bell) => html`<div class="bell" role="alert" key=${bell.key}>
      <span><strong>${bell.missed ? words.missed : words.rings}</strong> ${bell.title},
        ${" "}<time datetime=${bell.at}>${clock(bell.at)}</time></span>
      <button type="button" onClick=${() => setBells((all) => all.filter((one) => one !== bell))}>${words.dismiss}</button>
    </div>`)}
    <aside aria-label=${words.talks}>
      <button type="button" class="primary" onClick=${() => begin("")}>${words.again}</button>
      <ul>${talks.map((one) => html`<li key=${one.id}>
        <button type="button" aria-current=${one.id === talk ? "true" : undefined}
          onClick=${() => { setFirst(""); setTalk(one.id); setRoom("talk"); }}>${one.title || words.untitled}</button></li>`)}</ul>
    </aside>
    <main>${room === "talk" && html`<${Talk} key=${talk} id=${talk} first=${first} begin=${begin} told=${enter} remove=${remove} />`}
      ${room === "done" && html`<${Journal} />`}${room === "left" && html`<${Egress} />`}</main>
  </div>`;
}

function Door({ fault, enter }) {
  const [text, setText] = useState("");
  const submit = (event) => { event.preventDefault(); keepToken(text); enter(); };
  return html`<main class="log"><form class="inner" onSubmit=${submit}>
    <h1>agentkit</h1>
    <p><label for="token">${words.token}</label></p>
    <p><input id="token" type="password" autocomplete="off" value=${text}
      aria-describedby="fault" onInput=${(e) => setText(e.target.value)} /></p>
    <p id="fault" class="fault" role="alert">${fault}</p>
    <button class="primary">${words.enter}</button></form></main>`;
}

// `first` is what was said before there was a talk to say it in.
function Talk({ id, first, begin, told, remove }) {
  const [turns, setTurns] = useState([]);
  const [pending, setPending] = useState([]);
  const [works, setWorks] = useState(null);
  const [fault, setFault] = useState("");
  const [text, setText] = useState("");
  const end = useRef(null);

  const load = async () => {
    if (!id) return;
    try {
      const found = await ask(`/api/sessions/${id}`);
      setTurns(found.messages);
      setPending(found.pending);
    } catch (error) { setFault(error.message); }
  };
  useEffect(() => { if (id && first) say(first); else load(); }, []);
  useEffect(() => { if (end.current) end.current.scrollIntoView({ block: "end" }); }, [turns, pending]);

  const run = async (path, body) => {
    const ending = new AbortController();
    setWorks(ending);
    setFault("");
    setPending([]);
    let isWhole = false;
    try {
      for await (const told of follow(path, "POST", body, ending.signal)) {
        if (told.type === "text") setTurns((all) => grown(all, told.text));
        if (told.type === "call") setTurns((all) => [...all, { role: "tool", name: told.name, status: "" }]);
        if (told.type === "result") setTurns((all) => settled(all, told));
        if (told.type === "fault") setFault(told.text);
        if (told.type === "end") { isWhole = true; if (told.outcome === "stopped") setFault(told.text); }
      }
      if (!isWhole) setFault((before) => before || words.lost);
    } catch (error) { if (error.name !== "AbortError") setFault(error.message); }
    setWorks(null);
    await load();
    told();
  };
  const say = (said) => {
    setTurns((all) => [...all, { role: "user", text: said }]);
    return run(`/api/sessions/${id}/say`, { text: said });
  };
  const send = async (event) => {
    if (event) event.preventDefault();
    const said = text.trim();
    if (!said || works) return;
    setText("");
    await (id ? say(said) : begin(said));
  };
  const keys = (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) send(event);
  };
  return html`<div class="log" id="log" tabindex="-1">
    <div class="inner" role="log" aria-live="polite" aria-busy=${works ? "true" : "false"}>
      ${turns.map((turn) => html`<${Turn} ...${turn} />`)}
    </div>
    <div class="inner">
      ${pending.length > 0 && html`<${Approvals} key=${JSON.stringify(pending)} pending=${pending}
        decide=${(decisions) => run(`/api/sessions/${id}/decide`, { decisions })} />`}
      ${fault && html`<p class="fault" role="alert">${words.fault}: ${fault}</p>`}
      <div ref=${end}></div>
    </div></div>
    <form class="say" onSubmit=${send}><div class="inner">
      <label class="unseen" for="said">${words.say}</label>
      <textarea id="said" rows="1" placeholder=${words.say} value=${text} aria-describedby="hint"
        onInput=${(e) => setText(e.target.value)} onKeyDown=${keys}></textarea>
      ${works
        ? html`<button type="button" onClick=${() => works.abort()}>${words.stop}</button>`
        : html`<button class="primary" disabled=${!text.trim()}>${words.send}</button>`}
      ${id && html`<button type="button" title=${words.removed} aria-label=${words.removed}
        onClick=${() => confirm(`${words.removed}?`) && remove(id)}>×</button>`}
    </div><p id="hint" class="unseen">${words.hint}</p>
    <p class="unseen" role="status">${works ? words.works : ""}</p></form>`;
}

function grown(turns, text) {
  const last = turns[turns.length - 1];
  if (last && last.role === "assistant" && last.open)
    return [...turns.slice(0, -1), { ...last, text: last.text + text }];
  return [...turns, { role: "assistant", text, open: true }];
}

function settled(turns, told) {
  const place = turns.map((t) => t.role === "tool" && t.name === told.name && !t.status).indexOf(true);
  const turn = { role: "tool", name: told.name, status: told.status };
  return place < 0 ? [...turns, turn] : turns.map((one, at) => (at === place ? turn : one));
}

function Turn({ role, text, name, status }) {
  if (role === "tool") {
    const deed = name.replaceAll("_", " ");
    return html`<p class="deed">${deed}${status ? ` · ${words.states[status] || status}` : " …"}</p>`;
  }
  const who = role === "user" ? words.you : words.it;
  return html`<div class=${`turn ${role}`} dir="auto"><span class="unseen">${who}: </span>${text}</div>`;
}

function Approvals({ pending, decide }) {
  const first = useRef(null);
  const [answers, setAnswers] = useState({});
  useEffect(() => { if (first.current) first.current.focus(); }, []);
  const answer = (at, given) => {
    const all = { ...answers, [at]: given };
    setAnswers(all);
    if (pending.every((_, place) => place in all)) decide(pending.map((_, place) => all[place]));
  };
  return pending.map((one, at) => !(at in answers) && html`<${Approval} key=${at} one=${one}
    focus=${at === 0 ? first : null} answer=${(given) => answer(at, { ...given, preview: one.preview })} />`);
}

function Approval({ one, focus, answer }) {
  const [edited, setEdited] = useState(null);
  const title = `ask-${one.name}`;
  const values = edited || one.arguments;
  const set = (name, value) => setEdited({ ...values, [name]: value });
  return html`<section class="ask" aria-labelledby=${title}>
    <h2 id=${title} tabindex="-1" ref=${focus}>${words.waits}</h2>
    <pre dir="auto">${one.preview}</pre>
    ${one.follows && html`<p class="why"><strong>${words.follows}:</strong> ${one.follows}</p>`}
    ${(one.quotes || []).map((quote) => html`<p class="why">${quote}</p>`)}
    ${edited && Object.entries(values).map(([name, value]) => html`<label>${name}
      <textarea rows=${String(shown(value)).length > 60 ? 4 : 1} value=${shown(value)}
        onInput=${(e) => set(name, read(e.target.value, one.arguments[name]))}></textarea></label>`)}
    <div class="buttons">
      <button type="button" class="primary" onClick=${() => answer({ approve: true, ...(edited ? { arguments: edited } : {}) })}>${words.yes}</button>
      <button type="button" onClick=${() => answer({ approve: false })}>${words.no}</button>
      ${!edited && html`<button type="button" onClick=${() => setEdited({ ...one.arguments })}>${words.change}</button>`}
    </div></section>`;
}

const shown = (value) => (typeof value === "string" ? value : JSON.stringify(value));
function read(text, before) {
  if (typeof before === "string") return text;
  try { return JSON.parse(text); } catch { return Array.isArray(before) ? [text] : text; }
}

function Journal() {
  const [entries, setEntries] = useState(null);
  const [said, setSaid] = useState("");
  const load = async () => setEntries((await ask("/api/journal")).entries);
  useEffect(() => { load(); }, []);
  const undo = async (number) => {
    try { setSaid((await ask(`/api/journal/${number}/undo`, "POST")).text); } catch (error) { setSaid(error.message); }
    load();
  };
  return html`<div class="log" id="log"><div class="inner"><h2>${words.done}</h2>
    <p role="status">${said}</p>
    ${entries && entries.length === 0 && html`<p class="quiet">${words.nothing}</p>`}
    <ul class="rows">${(entries || []).map((one) => html`<li key=${one.number}>
      <div dir="auto">${one.said || one.tool}</div>
      <div class="quiet">${clock(one.began)} · ${one.tool} · ${one.state}</div>
      ${one.can_undo && html`<button type="button" aria-label=${`${words.undo}: ${one.said || one.tool}`}
        onClick=${() => undo(one.number)}>${words.undo}</button>`}</li>`)}</ul></div></div>`;
}

function Egress() {
  const [entries, setEntries] = useState(null);
  useEffect(() => { (async () => setEntries((await ask("/api/egress")).entries))(); }, []);
  return html`<div class="log" id="log"><div class="inner"><h2>${words.left}</h2>
    ${entries && entries.length === 0 && html`<p class="quiet">${words.none}</p>`}
    <ul class="rows">${(entries || []).map((one) => html`<li key=${one.number}>
      <div>${one.to} · ${one.bytes.toLocaleString(language)} bytes · ${one.label}</div>
      <div class="quiet">${clock(one.time)} ${one.grant}</div>
      <pre tabindex="0" aria-label=${one.to}>${one.text}</pre></li>`)}</ul></div></div>`;
}

function clock(text) {
  const moment = new Date(text);
  if (Number.isNaN(moment.getTime())) return text;
  return moment.toLocaleString(language, { dateStyle: "medium", timeStyle: "short" });
}

render(html`<${App} />`, document.getElementById("app"));
