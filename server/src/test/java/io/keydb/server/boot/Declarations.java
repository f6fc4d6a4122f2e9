package io.keydb.server.boot;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.keydb.server.support.Statistic;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Finds what the code declares in constants, so that tests can ask whether all of it is known. */
final class Declarations {
    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("io.keydb.server");

    private Declarations() {}

    /** All classes whose name ends so. */
    static List<Class<?>> classesNamed(String end) {
        List<Class<?>> found = new ArrayList<>();
        for (JavaClass each : CLASSES) {
            if (each.isTopLevelClass() && each.getSimpleName().endsWith(end)) {
                found.add(each.reflect());
            }
        }
        return found;
    }

    /** The constants of this type that a class declares, in the order of their declaration. */
    static <T> List<T> constants(Class<?> owner, Class<T> type) {
        List<T> found = new ArrayList<>();
        for (Field field : owner.getDeclaredFields()) {
            if (Modifier.isStatic(field.getModifiers()) && field.getType() == type) {
                found.add(type.cast(value(field)));
            }
        }
        return found;
    }

    /** The list {@code ALL} of a class; null when it has none. */
    static @Nullable List<?> all(Class<?> owner) {
        try {
            return (List<?>) value(owner.getDeclaredField("ALL"));
        } catch (NoSuchFieldException none) {
            return null;
        }
    }

    /** All statistics by the class that declares them. */
    static Map<String, List<Statistic>> statistics() {
        Map<String, List<Statistic>> byClass = new TreeMap<>();
        for (JavaClass each : CLASSES) {
            if (each.isTopLevelClass()) {
                List<Statistic> declared = constants(each.reflect(), Statistic.class);
                if (!declared.isEmpty()) {
                    byClass.put(each.getSimpleName(), declared);
                }
            }
        }
        return byClass;
    }

    private static Object value(Field field) {
        try {
            field.setAccessible(true);
            return field.get(null);
        } catch (IllegalAccessException hidden) {
            throw new AssertionError(hidden);
        }
    }
}
