/**
 * Keeps a conversation up to date: fetch what was missed, then listen live; when the line breaks, again, after a
 * pause that grows. Where web sockets are blocked, the fetching alone keeps the conversation going.
 */

import { pauseAfter } from "./backoff";
import { type ClientEvent, type LiveEvent, parseEvent, REFUSED_CLOSE_CODES } from "./protocol";

const PING_EVERY_MS = 25_000;
const PONG_WITHIN_MS = 10_000;

/** The part of a web socket that is used. */
export type Socket = Pick<WebSocket, "send" | "close" | "onopen" | "onclose" | "onmessage">;

/** What the link needs from the conversation. */
export interface LinkPorts {
  /** Fetch what is new. Fails while the service cannot be reached. */
  catchUp(): Promise<void>;
  openSocket(): Socket;
  receive(event: LiveEvent): void;
  /** The service does not know this conversation or this token. */
  refused(): void;
  /** Longest pause that is bearable now: short while the customer waits for an answer. */
  longestPauseMs(): number;
}

export class Link {
  private running = false;
  private connecting = false;
  private socket: Socket | null = null;
  private isOpen = false;
  private failures = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private pulse: ReturnType<typeof setTimeout> | undefined;
  private round = 0;

  constructor(private readonly ports: LinkPorts) {}

  /** Connect and stay connected. */
  start(): void {
    if (this.running) return;
    this.running = true;
    this.failures = 0;
    void this.connect();
  }

  stop(): void {
    this.running = false;
    this.drop();
  }

  /** Try now instead of after the pause: the network is back, or somebody is looking. */
  wake(): void {
    if (!this.running || this.socket || this.connecting) return;
    this.failures = 0;
    void this.connect();
  }

  /** The line is known to be dead: let go of it and try anew. */
  reset(): void {
    if (!this.running) return;
    this.drop();
    this.connectLater();
  }

  /** Tell the service something that matters only now; without a line it is not told. */
  tell(event: ClientEvent): void {
    if (this.isOpen) this.socket?.send(JSON.stringify(event));
  }

  private async connect(): Promise<void> {
    this.drop();
    const round = this.round;
    this.connecting = true;
    const isCaughtUp = await this.ports.catchUp().then(
      () => true,
      () => false,
    );
    if (round !== this.round) return;
    this.connecting = false;
    if (isCaughtUp) this.listen(round);
    else this.connectLater();
  }

  private listen(round: number): void {
    const socket = this.ports.openSocket();
    this.socket = socket;
    socket.onopen = () => {
      if (socket === this.socket) this.keepAlive();
    };
    socket.onmessage = ({ data }: MessageEvent) => this.receive(socket, data);
    socket.onclose = ({ code }: CloseEvent) => {
      if (round === this.round) this.lost(code);
    };
  }

  private receive(socket: Socket, frame: unknown): void {
    if (socket !== this.socket) return;
    this.failures = 0;
    this.keepAlive();
    const event = parseEvent(frame);
    if (event) this.ports.receive(event);
  }

  private lost(code: number): void {
    if (REFUSED_CLOSE_CODES.includes(code)) {
      this.stop();
      this.ports.refused();
    } else {
      this.reset();
    }
  }

  private connectLater(): void {
    this.failures += 1;
    const pause = pauseAfter(this.failures, this.ports.longestPauseMs());
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.connect(), pause);
  }

  /** A line that says nothing for a while is asked; one that does not answer is dead. */
  private keepAlive(): void {
    this.isOpen = true;
    clearTimeout(this.pulse);
    this.pulse = setTimeout(() => {
      this.tell({ type: "ping" });
      this.pulse = setTimeout(() => this.reset(), PONG_WITHIN_MS);
    }, PING_EVERY_MS);
  }

  private drop(): void {
    this.round += 1;
    this.connecting = false;
    this.isOpen = false;
    clearTimeout(this.timer);
    clearTimeout(this.pulse);
    const { socket } = this;
    this.socket = null;
    socket?.close();
  }
}
