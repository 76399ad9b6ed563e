package dev.llmlifecycle.retrieval.routing;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import dev.llmlifecycle.api.app.Route;
import org.jspecify.annotations.NullMarked;

/** Routes of a small shop, with examples that are put together of parts. */
@NullMarked
final class Shop {

    static final Route REFUND = new Route.ToPrompt("refund");
    static final Route INVOICE = new Route.ToRetriever("invoices");
    static final Route PARCEL = new Route.ToTool("parcel");

    private static final List<String> BEGINNINGS =
            List.of("please", "hello", "can you", "i would like to", "how do i", "help me", "today", "kindly");

    private Shop() {}

    static List<String> texts(String... endings) {
        List<String> texts = new ArrayList<>();
        for (String ending : endings) {
            BEGINNINGS.forEach(beginning -> texts.add(beginning + " " + ending));
        }
        return texts;
    }

    static IntentRoute refund() {
        return IntentRoute.builder("billing/refund", REFUND)
                .examples(texts("refund money back", "return money for order", "get refund"))
                .title("a refund")
                .build();
    }

    static IntentRoute invoice() {
        return IntentRoute.builder("billing/invoice", INVOICE)
                .examples(texts("send invoice copy", "download invoice pdf", "find invoice"))
                .title("an invoice")
                .build();
    }

    static IntentRoute parcel() {
        return IntentRoute.builder("parcel", PARCEL)
                .examples(texts("track parcel delivery", "locate parcel", "delivery late parcel"))
                .title("a parcel")
                .build();
    }

    /** Questions that have nothing to do with the shop. */
    static List<String> strange() {
        return IntStream.range(0, 40)
                .mapToObj(i -> "planet" + i + " orbits star" + i + " beyond galaxy" + i)
                .toList();
    }

    static IntentRouter.Builder router(WordModel model) {
        return IntentRouter.builder(model).route(refund()).route(invoice()).route(parcel());
    }
}
