from reports.metrics_page import PAGE, page


def test_the_page_is_what_the_registry_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run python -m reports.metrics_page"
