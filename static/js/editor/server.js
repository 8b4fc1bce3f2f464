/** Talking with the server: JSON, the CSRF token, and failures as kinds that the queue understands. */

const SMALL = 60_000; // bytes that a browser lets go on after the page is closed (keepalive)
const PATIENCE = 20_000; // ms until an answer counts as lost
const RESTART = 15_000; // ms that a server may take to start anew before that is called a lost connection
const STARTING = [502, 503, 504]; // what a proxy answers while there is no server behind it

/** `kind`: offline (try again), restarting (soon), login (with `url`), csrf, refused (this text),
 * closed (the item). */
export class Failure extends Error {
  constructor(kind, details = {}) {
    super(details.error || kind);
    Object.assign(this, details, { kind });
  }
}

/** The server as one page sees it. */
export class Server {
  constructor(csrf) {
    this.csrf = csrf;
    this.downSince = null; // since when only the proxy answers
  }

  async request(url, options = {}) {
    let response;
    let data = {};
    try {
      response = await fetch(url, {
        ...options,
        headers: { Accept: "application/json", ...options.headers },
        credentials: "same-origin",
        redirect: "error",
        signal: AbortSignal.timeout(PATIENCE),
      });
      if (response.headers.get("Content-Type")?.includes("json")) data = await response.json();
    } catch (error) {
      throw new Failure("offline", { error: String(error) });
    }
    if (STARTING.includes(response.status)) {
      this.downSince ??= Date.now();
      const isLong = Date.now() - this.downSince > RESTART;
      throw new Failure(isLong ? "offline" : "restarting", { error: `${response.status}` });
    }
    this.downSince = null;
    if (response.ok) {
      if (data.csrf) this.csrf = data.csrf;
      return data;
    }
    if (response.status === 401) throw new Failure("login", { url: data.login });
    if (response.status === 403 && data.csrf) throw new Failure("csrf");
    if (response.status === 400 || response.status === 413)
      throw new Failure("refused", { status: response.status, ...data });
    if ([403, 404, 409, 410].includes(response.status))
      throw new Failure("closed", {
        ...data,
        state: data.state || { 403: "forbidden", 404: "deleted" }[response.status],
      });
    throw new Failure("offline", { error: `${response.status}` });
  }

  get(url) {
    return this.request(url);
  }

  post(url, body) {
    return this.request(url, {
      method: "POST",
      body,
      headers: { "Content-Type": "application/json", "X-CSRFToken": this.csrf },
      keepalive: new Blob([body]).size < SMALL,
    });
  }

  /** The pickable organisations, persons, groups and sets, asked for once. */
  pickable(url) {
    this.parties ??= this.get(url).then(
      (data) => data,
      (error) => {
        this.parties = undefined;
        throw error;
      },
    );
    return this.parties;
  }
}
