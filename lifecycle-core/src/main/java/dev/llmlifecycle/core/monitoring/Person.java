package dev.llmlifecycle.core.monitoring;

import java.util.Objects;
import java.util.Optional;

import dev.llmlifecycle.api.monitoring.Interaction;
import dev.llmlifecycle.core.internal.JsonObject;

/** Who can be erased: the user of a tenant, or a user without one. */
record Person(Optional<String> tenant, String user) {

    Person {
        Objects.requireNonNull(tenant, "tenant");
        Objects.requireNonNull(user, "user");
    }

    boolean asked(Interaction interaction) {
        return interaction.tenant().equals(tenant) && interaction.user().equals(Optional.of(user));
    }

    boolean asked(JsonObject interaction) {
        return interaction.optionalText("tenant").equals(tenant)
                && interaction.optionalText("user").equals(Optional.of(user));
    }
}
