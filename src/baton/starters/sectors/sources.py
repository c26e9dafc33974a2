"""Where the starting values of the sector templates were seen. A value says by its key which of these it comes from; it
shows what others have promised, not what is right for every organisation."""

from __future__ import annotations

from collections.abc import Mapping

SOURCES: Mapping[str, str] = {
    "4M": "Rules for 4M changes of a manufacturer (360docs.net/doc/5c2841691.html)",
    "8D": "Deadlines of an 8D reply (zkatdaishan.blogspot.com/2017/04)",
    "ADM": "Standards of property management (renrendoc.com/paper/506103469.html)",
    "AIR": "Service scorecards of airlines (max.book118.com/html/2026/0202/5122312000013120.shtm)",
    "CMP": "Complaint procedure of a service hotline (m.qiqiwenku.com/docx/494297.html)",
    "HK": "Time standards of hotel departments (m.mguksx.cn/html/201804/98950.html)",
    "IT": "Service levels of IT service desks (helpdesk.fbcmb.net; altsys.io/sla)",
    "LAB": "Quality indicators of a hospital laboratory (laboratory.parkonehealth.com/inspection-services)",
    "OLA": "Operational level agreements (riyadhitexperts.blogspot.com/2021)",
    "PL": "Supplier scorecard (purchasinglead.com/supplier-scorecard)",
    "PUR": "Purchasing scorecard (m.777doc.com/doc-1630409.html)",
    "QC": "Internal quality control of a medical laboratory (bdocx.com/doc/25367431.html)",
    "RFM1": "Scores of recency and frequency (shangjiazhushou.com/article/23972839-663)",
    "RFM2": "Shares of customers per tier (sjwxsc.com txtlist_i6657v)",
    "RS": "Times of room service (hanbi-hotelsupplies.com/de/products-detail-323571.html)",
    "S2": "Teaching text on 5M1E in the laboratory and on a customer service programme",
    "S3": "Teaching text: everyone has a customer",
    "SCH": "Repair service of a school (gddixiu.com/hangye/911.html)",
    "SF": "Turnaround of urgent tests (saintfrancis.com/lab)",
    "SP": "Process discipline audit of a manufacturer (m.zixin.com.cn/doc/4762177.html)",
    "SUES": "Rating of departments at a university (infopub.sues.edu.cn/b3/d4/c18a46036/page.htm)",
    "TAT": "Review of laboratory turnaround times (scribd 166720185, Hawkins)",
    "XLA": "Experience level agreements (open-exam-prep.com, ITIL 4 service level management)",
}
"""What a source is and where it stands, by key."""
