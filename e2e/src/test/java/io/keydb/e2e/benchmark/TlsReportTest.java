package io.keydb.e2e.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Where the section about TLS goes on the page of the benchmarks. */
class TlsReportTest {

    @Test
    void theSectionThatIsThereIsReplacedAndTheRestStays() {
        assertThat(
                        TlsReport.placed(
                                "# Page\n\n## TLS\n\nold\n\n## Start\n\nkept\n", "## TLS\n\nnew\n"))
                .isEqualTo("# Page\n\n## TLS\n\nnew\n\n## Start\n\nkept\n");
        assertThat(TlsReport.placed("# Page\n\n## TLS\n\nold\n", "## TLS\n\nnew\n"))
                .isEqualTo("# Page\n\n## TLS\n\nnew\n");
    }

    @Test
    void aPageWithoutItGetsItBeforeTheHeapOrAtItsEnd() {
        assertThat(
                        TlsReport.placed(
                                "# Page\n\n## What the Java heap is asked for\n",
                                "## TLS\n\nnew\n"))
                .isEqualTo("# Page\n\n## TLS\n\nnew\n\n## What the Java heap is asked for\n");
        assertThat(TlsReport.placed("# Page\n", "## TLS\n\nnew\n"))
                .isEqualTo("# Page\n\n## TLS\n\nnew\n");
    }
}
