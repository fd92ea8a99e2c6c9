/** The topic of the board: touched with every change of it. */
export const BOARD_TOPIC = "board:1";
