package dev.llmlifecycle.eval.experiment;

/**
 * One question to one arm.
 *
 * @param arm the position of the arm, the baseline's 0 and the candidate's 1
 * @param example the position of the example in the dataset
 * @param repeat which of the repeats, from 0
 */
record Call(int arm, int example, int repeat) {}
