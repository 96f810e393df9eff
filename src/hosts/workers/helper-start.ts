/** What a helper of a team is started with. */
export interface HelperStart {
  readonly control: Int32Array;
  readonly index: number; // from 0: which room of a workplace is its own
}

/** In `control`: counts how often there was something new. */
export const TURN = 0;
/** In `control`: how many helpers wait for the turn to change. */
export const SLEEPERS = 1;
