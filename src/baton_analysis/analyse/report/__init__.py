"""The report: one HTML file that asks nobody for anything."""

from baton_analysis.analyse.report.page import LANGUAGES, report_page

__all__ = ["LANGUAGES", "report_page"]
