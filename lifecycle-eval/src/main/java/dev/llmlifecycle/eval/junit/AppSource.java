package dev.llmlifecycle.eval.junit;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import dev.llmlifecycle.core.app.LlmApp;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.commons.support.ReflectionSupport;

/** Where the application of a test class comes from. */
interface AppSource {

    /** Returns the application of a case, which is closed with it where it was made for it. */
    LlmApp open(ExtensionContext context);

    /** Finds the one source in the test class, or those that it is nested in. */
    static AppSource of(ExtensionContext context) {
        Class<?> type = context.getRequiredTestClass();
        List<AppSource> sources = new ArrayList<>();
        for (Class<?> owner = type; owner != null && sources.isEmpty(); owner = owner.getEnclosingClass()) {
            sources.addAll(in(owner));
        }
        if (sources.size() != 1) {
            throw new ExtensionConfigurationException(type.getName() + " asks for an LlmApp and has " + sources.size()
                    + " sources of it; annotate one method or field with @PromptTestApp");
        }
        return sources.get(0);
    }

    private static List<AppSource> in(Class<?> owner) {
        List<AppSource> sources = new ArrayList<>();
        for (Method method :
                AnnotationSupport.findAnnotatedMethods(owner, PromptTestApp.class, HierarchyTraversalMode.BOTTOM_UP)) {
            if (method.getReturnType() != LlmApp.class
                    || Arrays.asList(method.getParameterTypes()).contains(LlmApp.class)) {
                throw new ExtensionConfigurationException("the method " + method + " is annotated with @PromptTestApp"
                        + " and must return an LlmApp and take none; correct its signature");
            }
            sources.add(context -> made(context, method));
        }
        for (Field field : AnnotationSupport.findAnnotatedFields(owner, PromptTestApp.class)) {
            if (field.getType() != LlmApp.class) {
                throw new ExtensionConfigurationException("the field " + field + " is annotated with @PromptTestApp and"
                        + " must be an LlmApp; correct its type");
            }
            sources.add(context -> held(context, field));
        }
        return sources;
    }

    private static LlmApp made(ExtensionContext context, Method method) {
        if (!(context.getExecutableInvoker()
                        .invoke(method, target(context, method.getDeclaringClass(), method.getModifiers()))
                instanceof LlmApp app)) {
            throw new ExtensionConfigurationException("the method " + method + " gave no application; return one");
        }
        RunStore.atEnd(context, app::close);
        return app;
    }

    private static LlmApp held(ExtensionContext context, Field field) {
        Object value;
        try {
            value = ReflectionSupport.tryToReadFieldValue(
                            field, target(context, field.getDeclaringClass(), field.getModifiers()))
                    .get();
        } catch (Exception e) {
            throw new ExtensionConfigurationException("reading the field " + field + " failed; make it accessible", e);
        }
        if (!(value instanceof LlmApp app)) {
            throw new ExtensionConfigurationException("the field " + field + " holds no application; give it one");
        }
        return app;
    }

    private static @Nullable Object target(ExtensionContext context, Class<?> owner, int modifiers) {
        return Modifier.isStatic(modifiers)
                ? null
                : context.getRequiredTestInstances().findInstance(owner).orElse(null);
    }
}
