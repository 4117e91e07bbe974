// What the page asks the server: JSON, and runs told as server-sent events.
let token = "";

/** Take the token from the address, where `agentkit serve` put it, or from this tab. */
export function findToken() {
  const given = new URLSearchParams(location.hash.slice(1)).get("token");
  if (given) {
    history.replaceState(null, "", location.pathname);
    keepToken(given);
  } else {
    token = sessionStorage.getItem("token") || "";
  }
  return token;
}

export function keepToken(text) {
  token = text.trim();
  sessionStorage.setItem("token", token);
}

async function asked(path, method, body, signal) {
  const headers = { Authorization: `Bearer ${token}` };
  if (body) headers["Content-Type"] = "application/json";
  const answer = await fetch(path, { method, headers, signal, body: body && JSON.stringify(body) });
  if (answer.ok) return answer;
  let told = answer.statusText;
  try { told = (await answer.json()).error.message; } catch { /* a proxy's page, not ours */ }
  throw Object.assign(new Error(told), { status: answer.status });
}

export async function ask(path, method = "GET", body = undefined) {
  return (await asked(path, method, body)).json();
}

/** Yield what a stream tells, event by event. */
export async function* follow(path, method, body, signal) {
  const answer = await asked(path, method, body, signal);
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    rest += value;
    const lines = rest.split("\n");
    rest = lines.pop();
    for (const line of lines) if (line.startsWith("data:")) yield JSON.parse(line.slice(5));
  }
}
