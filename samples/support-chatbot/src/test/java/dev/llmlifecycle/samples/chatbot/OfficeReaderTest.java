package dev.llmlifecycle.samples.chatbot;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

import dev.langchain4j.data.document.Document;
import dev.llmlifecycle.retrieval.ingest.DocumentFolder;
import dev.llmlifecycle.retrieval.ingest.FolderContent;
import dev.llmlifecycle.retrieval.ingest.SkippedFile;
import dev.llmlifecycle.retrieval.ingest.SkippedFile.Reason;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.encryption.AccessPermission;
import org.apache.pdfbox.pdmodel.encryption.StandardProtectionPolicy;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts;
import org.apache.poi.xssf.usermodel.XSSFRow;
import org.apache.poi.xssf.usermodel.XSSFWorkbook;
import org.apache.poi.xwpf.usermodel.XWPFDocument;
import org.apache.poi.xwpf.usermodel.XWPFParagraph;
import org.apache.poi.xwpf.usermodel.XWPFStyle;
import org.apache.poi.xwpf.usermodel.XWPFTable;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openxmlformats.schemas.wordprocessingml.x2006.main.CTStyle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

@NullMarked
class OfficeReaderTest {

    @TempDir
    Path folder;

    @Test
    void aWordFileKeepsItsHeadingsAndTables() throws IOException {
        Files.write(folder.resolve("terms.docx"), word());

        Document document = read().documents().get(0);

        assertThat(document.text()).isEqualTo("""
                # Terms

                ## Warranty

                The frame is covered for ten years.

                | Country | Days |
                | --- | --- |
                | Norway | 6 |""");
        assertThat(document.metadata().getString("title")).isEqualTo("Terms");
    }

    @Test
    void aSheetBecomesATable() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (XSSFWorkbook book = new XSSFWorkbook()) {
            List<List<String>> rows = List.of(List.of("Product", "Price"), List.of("Lamp", "40 EUR"));
            var sheet = book.createSheet("Prices");
            for (int i = 0; i < rows.size(); i++) {
                XSSFRow row = sheet.createRow(i);
                for (int j = 0; j < rows.get(i).size(); j++) {
                    row.createCell(j).setCellValue(rows.get(i).get(j));
                }
            }
            book.write(bytes);
        }
        Files.write(folder.resolve("prices.xlsx"), bytes.toByteArray());

        assertThat(read().documents().get(0).text())
                .isEqualTo("# Prices\n\n| Product | Price |\n| --- | --- |\n| Lamp | 40 EUR |");
    }

    @Test
    void aPdfIsReadAndBrokenOnesAreNamed() throws IOException {
        byte[] pdf = pdf("The frame is covered for ten years.", false);
        Files.write(folder.resolve("warranty.pdf"), pdf);
        Files.write(folder.resolve("broken.pdf"), "%PDF-1.4\nthis is no PDF".getBytes(StandardCharsets.UTF_8));
        Files.write(folder.resolve("half.docx"), Arrays.copyOf(word(), 700));
        Files.write(folder.resolve("secret.pdf"), pdf("Secret.", true));

        FolderContent content = read();

        assertThat(content.documents())
                .extracting(Document::text)
                .containsExactly("The frame is covered for ten years.");
        assertThat(content.skipped())
                .extracting(SkippedFile::path, SkippedFile::reason)
                .containsExactly(
                        tuple("broken.pdf", Reason.READER_FAILED),
                        tuple("half.docx", Reason.READER_FAILED),
                        tuple("secret.pdf", Reason.READER_FAILED));
        assertThat(content.skipped().get(2).detail()).contains("password");
    }

    @Test
    void theChatAnswersFromAPdfAndNamesABrokenOne() throws IOException {
        Program program = new Program(folder);
        Files.write(program.docs().resolve("warranty.pdf"), pdf("The frame is covered for ten years.", false));
        Files.writeString(program.docs().resolve("broken.pdf"), "%PDF-1.4\nthis is no PDF");

        Program.Result result = program.ask("For how many years is the frame covered?");

        assertThat(result.out()).contains("ten years").contains("warranty.pdf");
        assertThat(result.complaints())
                .hasSize(1)
                .allSatisfy(line -> assertThat(line).startsWith("Left out broken.pdf: it cannot be read: "));
    }

    private FolderContent read() {
        // docs:begin office
        FolderContent content = DocumentFolder.builder(folder)
                .reader(new OfficeReader(), "pdf", "docx", "xlsx", "pptx")
                .build()
                .read();
        // docs:end office
        return content;
    }

    private static byte[] word() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (XWPFDocument document = new XWPFDocument()) {
            heading(document, 1, "Terms");
            heading(document, 2, "Warranty");
            document.createParagraph().createRun().setText("The frame is covered for ten years.");
            XWPFTable table = document.createTable(2, 2);
            table.getRow(0).getCell(0).setText("Country");
            table.getRow(0).getCell(1).setText("Days");
            table.getRow(1).getCell(0).setText("Norway");
            table.getRow(1).getCell(1).setText("6");
            document.write(bytes);
        }
        return bytes.toByteArray();
    }

    private static void heading(XWPFDocument document, int level, String text) {
        CTStyle style = CTStyle.Factory.newInstance();
        style.setStyleId("Heading" + level);
        style.addNewName().setVal("heading " + level);
        if (document.getStyles() == null) {
            document.createStyles();
        }
        document.getStyles().addStyle(new XWPFStyle(style));
        XWPFParagraph paragraph = document.createParagraph();
        paragraph.setStyle("Heading" + level);
        paragraph.createRun().setText(text);
    }

    private static byte[] pdf(String text, boolean encrypted) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (PDDocument document = new PDDocument()) {
            PDPage page = new PDPage();
            document.addPage(page);
            try (PDPageContentStream content = new PDPageContentStream(document, page)) {
                content.beginText();
                content.setFont(new PDType1Font(Standard14Fonts.FontName.HELVETICA), 12);
                content.newLineAtOffset(50, 700);
                content.showText(text);
                content.endText();
            }
            if (encrypted) {
                document.protect(new StandardProtectionPolicy("owner", "user", new AccessPermission()));
            }
            document.save(bytes);
        }
        return bytes.toByteArray();
    }
}
