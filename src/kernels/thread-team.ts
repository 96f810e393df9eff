/** Memory that threads share, and what they run on it. */
export interface Workplace {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** First byte of the room of each helper. */
  readonly rooms: readonly number[];
}

/** What a helper uses of an instance of the module at a workplace. */
export interface Helping {
  /** To be called once, with the helper's room. */
  join(room: number): void;
  /** Does what there is to do, waits a little for more, and returns. */
  help(): void;
}

/**
 * Threads that help the one that asks with large pieces of dense linear algebra; lent by a host [KERNEL-8]. What they compute is the same,
 * bit by bit, for any number of them, and if they come late or never.
 */
export interface ThreadTeam {
  /** The one that asks is one of them; helpers are one fewer. */
  readonly threads: number;
  /** There is something to do at this place: helpers are started, moved and woken as need be. Does not wait for them. */
  wake(place: Workplace): void;
  /** Nothing more is to be done there: its memory is let go. */
  rest(): void;
}
