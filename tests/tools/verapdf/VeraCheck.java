import java.io.FileInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.logging.LogManager;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/**
 * Validates every PDF with every flavour and prints one line per pair, then one line per rule broken, tab-separated:
 * "verdict FILE FLAVOUR true|false RULES-CHECKED" and "broken FILE FLAVOUR CLAUSE-TEST MESSAGE".
 * Arguments: flavours joined by commas (3a,ua1), then files. Exit status 0 whenever all could be checked.
 */
public class VeraCheck {
    public static void main(String[] arguments) throws Exception {
        LogManager.getLogManager().reset();
        VeraGreenfieldFoundryProvider.initialise();
        List<String> lines = new ArrayList<>();
        for (int file = 1; file < arguments.length; file++) {
            for (String flavour : arguments[0].split(",")) {
                check(arguments[file], PDFAFlavour.byFlavourId(flavour), lines);
            }
        }
        lines.forEach(System.out::println);
    }

    private static void check(String file, PDFAFlavour flavour, List<String> lines) throws Exception {
        try (FileInputStream bytes = new FileInputStream(file);
                PDFAParser parser = Foundries.defaultInstance().createParser(bytes, flavour);
                PDFAValidator validator = Foundries.defaultInstance().createValidator(flavour, false)) {
            ValidationResult result = validator.validate(parser);
            lines.add(String.join("\t", "verdict", file, flavour.getId(),
                    String.valueOf(result.isCompliant()), String.valueOf(result.getTotalAssertions())));
            Map<String, String> broken = new TreeMap<>();
            for (TestAssertion assertion : result.getTestAssertions()) {
                if (assertion.getStatus() == TestAssertion.Status.FAILED) {
                    String rule = assertion.getRuleId().getClause() + "-" + assertion.getRuleId().getTestNumber();
                    String where = String.valueOf(assertion.getLocation().getContext());
                    broken.putIfAbsent(rule, (assertion.getMessage() + " @ " + where).replaceAll("\\s+", " "));
                }
            }
            broken.forEach((rule, message) ->
                    lines.add(String.join("\t", "broken", file, flavour.getId(), rule, message)));
        }
    }
}
