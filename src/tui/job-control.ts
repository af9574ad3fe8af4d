// Stops the process as a job of a shell, and notices when it goes on.

/** How long a stop may take to come; the system refuses it where no shell could continue the process. */
const stopGraceMs = 100;

export class JobControl {
  readonly #leave: () => void;
  readonly #comeBack: () => void;
  readonly #onStop = () => this.stop(process.pid);
  readonly #onContinue = () => {
    clearTimeout(this.#grace);
    this.#comeBack();
  };
  #grace: NodeJS.Timeout | undefined;

  /** `leave` gives the terminal away; `comeBack` takes it again, also after a stop that nobody announced. */
  constructor(leave: () => void, comeBack: () => void) {
    this.#leave = leave;
    this.#comeBack = comeBack;
    process.on('SIGCONT', this.#onContinue);
    this.listen();
  }

  /** A stop from outside leaves first. */
  listen(): void {
    this.ignore();
    if (process.platform !== 'win32') process.on('SIGTSTP', this.#onStop);
  }

  /** A stop from outside just stops. */
  ignore(): void {
    process.off('SIGTSTP', this.#onStop);
  }

  /** Stops the process with this id; 0 stops the whole group, as a terminal does on Ctrl-Z. */
  stop(pid: number): void {
    if (process.platform === 'win32') return;
    this.#leave();
    this.ignore();
    process.kill(pid, 'SIGTSTP');
    // With stdin paused this timer also keeps the process.
    this.#grace = setTimeout(this.#onContinue, stopGraceMs);
  }

  end(): void {
    clearTimeout(this.#grace);
    this.ignore();
    process.off('SIGCONT', this.#onContinue);
  }
}
