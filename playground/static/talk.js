// The line to the playground: a long poll for what a person sees, and posts for what they do.
const WAIT = 12;

export class Line {
  constructor({ onScene, onOffline, lookingAt }) {
    Object.assign(this, { onScene, onOffline, lookingAt });
    this.version = -1;
    this.turn = 0;
  }

  // Start over at once, for another person or conversation.
  restart() {
    this.version = -1;
    this.turn += 1;
    this.cancel?.abort();
    this.follow(this.turn);
  }

  async follow(turn) {
    while (turn === this.turn) {
      try {
        const scene = await this.look();
        if (turn !== this.turn) return;
        const unchanged = scene.version === this.version;
        this.version = scene.version;
        this.onScene(scene);
        if (unchanged) await pause(250);
      } catch (error) {
        if (turn !== this.turn) return;
        this.onOffline(error);
        await pause(1500);
      }
    }
  }

  async look() {
    const wait = this.version < 0 ? 0 : WAIT;
    const asked = new URLSearchParams({ ...this.lookingAt(), after: this.version, wait });
    this.cancel = new AbortController();
    const answer = await fetch(`/page/scene?${asked}`, { signal: this.cancel.signal });
    if (!answer.ok) throw new Error(answer.status);
    return answer.json();
  }

  // Whether it arrived.
  async upload(file, text, channel) {
    const asked = new URLSearchParams({ person: this.lookingAt().person, channel, name: file.name, text });
    const headers = { "Content-Type": "application/octet-stream" };
    const answer = await fetch(`/page/upload?${asked}`, { method: "POST", headers, body: file }).catch(() => null);
    return Boolean(answer?.ok);
  }

  // What came of it: {error, errors, options}; an error is Slack's word for what went wrong.
  async act(deed) {
    const body = JSON.stringify({ person: this.lookingAt().person, ...deed });
    try {
      const answer = await fetch("/page/act", { method: "POST", headers: { "Content-Type": "application/json" }, body });
      return await answer.json();
    } catch {
      return { error: "offline", errors: {} };
    }
  }
}

function pause(milliseconds) {
  return new Promise((go) => setTimeout(go, milliseconds));
}
