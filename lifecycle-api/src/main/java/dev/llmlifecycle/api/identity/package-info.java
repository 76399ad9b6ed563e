/** Names and canonical hashes: what makes two runs of an application comparable. */
@NullMarked
package dev.llmlifecycle.api.identity;

import org.jspecify.annotations.NullMarked;
