"""Names of invented people by the country of their office, each in its own script.

`田中:Tanaka` is a name with its Latin form, from which logins and email addresses are made.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

_NOT_DECOMPOSED = str.maketrans(
    {"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ß": "ss", "æ": "ae", "Æ": "Ae"}
)


@dataclass(frozen=True, slots=True)
class Name:
    """A name as it is written, and in ASCII letters."""

    written: str
    latin: str


def parse_name(text: str) -> Name:
    """Parse `Müller` or `田中:Tanaka`."""
    written, _, latin = text.partition(":")
    return Name(written, latin or ascii_letters(written))


def ascii_letters(text: str) -> str:
    """Reduce a name to ASCII for logins: `Wałęsa` to `Walesa`, `O'Brien` to `OBrien`."""
    parts = unicodedata.normalize("NFKD", text.translate(_NOT_DECOMPOSED))
    return "".join(c for c in parts if c.isascii() and (c.isalnum() or c in "-."))


def _names(text: str) -> tuple[Name, ...]:
    return tuple(parse_name(word.replace("_", " ")) for word in text.split())


_FIRST = {
    "US": """James Emily Robert Patricia Michael Jennifer David Linda William Barbara Richard
        Susan Joseph Jessica Thomas Sarah Charles Karen Christopher Lisa Daniel Nancy Matthew
        Betty Anthony Sandra Mark Ashley Steven Kimberly Paul Donna Andrew Michelle Joshua Carol
        Kenneth Amanda Kevin Melissa Brian Deborah George Stephanie Timothy Rebecca Ronald Sharon
        Edward Laura Jason Cynthia Jeffrey Dorothy Ryan Amy Jacob Kathleen Renée Zoë DeShawn
        Siobhán""",
    "GB": """Oliver Olivia Harry Amelia Jack Isla Alfie Ava Charlie Poppy Thomas Freya Oscar
        Sophie Henry Grace Archie Evie Theo Rosie Callum Niamh Rhys Bronwyn Ewan Eilidh Saoirse
        Declan Aoife Siân Søren Åsa Bjørn Nigel Gillian Clive Hazel Rupert Imogen Gareth Fiona
        Alastair Beatrix Dafydd Morag Tariq Aisha Kwame Ngozi Priya Imran Yusuf Zara Lucy
        Edith""",
    "DE": """Jürgen Sabine Lukas Anna Felix Marie Jonas Sophie Maximilian Lena Paul Lea Leon
        Hannah Björn Käthe Günther Ursula Matthias Heike Sören Antje Wolfgang Brigitte Stefan
        Petra Andreas Birgit Jörg Gisela Uwe Renate Dirk Silke Torsten Anke Hans-Peter Karl-Heinz
        Anneliese Friedrich Greta Emil Ida Oskar Mehmet Ayşe Emre Elif Jannik Frieda Till Ömer""",
    "FR": """Zoé Léo Chloé Hugo Inès Jules Manon Louis Camille Gabriel Élodie Arthur Anaïs Raphaël
        Margaux Théo Océane Maël Noémie Étienne Amélie Benoît Céline François Hélène Gérard
        Geneviève Jérôme Mélanie Jean-Luc Marie-Claire Jean-François Anne-Sophie Loïc Maëlle
        Gaëtan Solène Thibault Clémence Rémi Aurélie Yann Nolwenn Amadou Fatou Mamadou Aïssa""",
    "PL": """Anna Piotr Katarzyna Krzysztof Małgorzata Andrzej Agnieszka Tomasz Barbara Paweł Ewa
        Michał Krystyna Marcin Elżbieta Jakub Zofia Łukasz Teresa Stanisław Magdalena Grzegorz
        Joanna Wojciech Monika Rafał Danuta Zbigniew Jadwiga Władysław Bożena Sławomir Żaneta
        Świętosława Mirosław Grażyna Jerzy Halina Bartłomiej Kinga Przemysław Wiesława""",
    "VN": """Văn_An Thị_Lan Minh_Anh Đức_Huy Thị_Hương Quang_Hải Ngọc_Mai Hữu_Nghĩa Thu_Hà
        Văn_Dũng Thị_Hồng Gia_Bảo Khánh_Linh Tuấn_Kiệt Phương_Thảo Hoàng_Nam Bích_Ngọc Trung_Hiếu
        Kim_Oanh Thanh_Tùng Mỹ_Duyên Công_Phượng Ánh_Tuyết Xuân_Trường Thùy_Trang Đình_Trọng
        Diễm_My Bảo_Châu Văn_Toàn Hải_Yến Quốc_Khánh Tường_Vi Nhật_Minh Cẩm_Tú Anh_Đức
        Như_Quỳnh""",
    "IN": """Aarav Diya Vivaan Ananya Aditya Saanvi Arjun Aadhya Sai Kavya Rohan Meera Karthik
        Lakshmi Vikram Sunita Rajesh Deepa Suresh Priyanka Anil Shreya Manoj Pooja Sanjay Neha
        Ramesh Asha Venkatesh Gayatri Harish Radhika Imran Fatima Gurpreet Harleen Thomas Mary
        Siddharth Ishaan Tanvi Nikhil Revathi Prakash Anjali Balaji Chitra Dev Esha Farhan
        Geeta""",
    "JP": """翔太:Shota 美咲:Misaki 健一:Kenichi 陽菜:Hina 大輔:Daisuke 結衣:Yui 拓也:Takuya
        さくら:Sakura 直樹:Naoki 愛:Ai 和也:Kazuya 舞:Mai 誠:Makoto 優子:Yuko 浩:Hiroshi 恵:Megumi
        隆:Takashi 由美:Yumi 亮:Ryo 真由美:Mayumi 哲也:Tetsuya 智子:Tomoko 裕太:Yuta 久美子:Kumiko
        剛:Tsuyoshi 千尋:Chihiro 颯太:Sōta 洋子:Yōko 純:Jun 絵美:Emi 康平:Kōhei 七海:Nanami 蓮:Ren
        駿:Shun 澪:Mio 悠人:Haruto""",
    "MX": """José María Juan Guadalupe Luis Verónica Carlos Sofía Jesús Ximena Miguel Fernanda
        Alejandro Lucía Ángel Daniela Andrés Valentina Óscar Mónica Raúl Inés Héctor Rocío Iván
        Beatriz Julián Belén Martín Íngrid Víctor Aurora Joaquín Noemí Ramón Esperanza Tomás
        Citlali Nicolás Itzel Adrián Xóchitl Germán Pilar Efraín Concepción Sebastián Araceli""",
}

_LAST = {
    "US": """Smith Johnson Williams Brown Jones Davis Miller Wilson Anderson Taylor Moore Jackson
        Lee Thompson White Harris Clark Lewis Robinson Walker Young Allen King Wright Scott Hill
        Green Adams Nelson Baker Hall Campbell Mitchell Carter Roberts Turner Phillips Parker
        Evans Edwards Collins Stewart Morris Murphy Cook Rogers Cooper Peterson Reed Bailey Kelly
        Howard Ramirez Cox Ward Richardson Watson Brooks Wood Bennett Gray Hughes Price Myers
        Foster O'Brien O'Connor McDonald Van_Dyke De_la_Cruz Chen Park Kowalski Schwartz
        Romano""",
    "GB": """Smith Jones Taylor Brown Wilson Davies Evans Thomas Roberts Walker Wright Thompson
        Hughes Green Hall Wood Harris Clarke Patel Khan Begum Hussain O'Neill O'Sullivan MacLeod
        Fitzgerald Llewellyn Featherstone Cholmondeley Pemberton-Hale Kjær Ødegård Lindström Bell
        Murphy Bailey Cooper Richardson Cox Ward Morgan Phillips Marshall Rogers Hunt Owen Palmer
        Mills Barnes Knight Butler Ellis Stone Fox Webb Okafor Mensah Adeyemi Ashworth""",
    "DE": """Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer
        Koch Bauer Richter Klein Wolf Schröder Neumann Schwarz Zimmermann Braun Krüger Hofmann
        Hartmann Lange Werner Krause Lehmann Köhler Maier König Walter Huber Kaiser Fuchs Peters
        Lang Scholz Möller Weiß Jung Hahn Schubert Vogel Keller Günther Frank Roth Beck Böhm
        von_der_Heide zu_Löwenstein Groß Jäger Yılmaz Kaya Öztürk Strauß Müller-Lüdenscheidt""",
    "FR": """Martin Bernard Thomas Petit Robert Richard Durand Dubois Moreau Laurent Simon Michel
        Lefèvre Leroy Roux David Bertrand Morel Fournier Girard Bonnet Dupont Lambert Fontaine
        Rousseau Vincent Müller Faure André Mercier Blanc Guérin Boyer Garnier Chevalier François
        Legrand Gauthier Perrin Clément Noël D'Alembert L'Hôpital de_La_Tour Beauséjour Diallo
        Traoré N'Diaye Benaïssa Lévêque Châtelain Crépeau Thévenet Maréchal Bénard""",
    "PL": """Nowak Kowalski Wiśniewski Wójcik Kowalczyk Kamiński Lewandowski Zieliński Szymański
        Woźniak Dąbrowski Kozłowski Jankowski Mazur Kwiatkowski Krawczyk Piotrowski Grabowski
        Nowakowski Pawłowski Michalski Nowicki Adamczyk Dudek Zając Wieczorek Jabłoński Król
        Majewski Olszewski Jaworski Wróbel Malinowski Pawlak Witkowski Walczak Stępień Górski
        Rutkowski Michalak Sikora Ostrowski Baran Duda Szewczyk Pietrzak Wałęsa
        Brzęczyszczykiewicz""",
    "VN": """Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Đinh Trịnh
        Đoàn Mai Tô Lâm Tạ Quách Thái Hà Cao Châu Kiều Lương Lưu Mạc Nghiêm Ông Phùng Tăng Tống Từ
        Văn Vương""",
    "IN": """Sharma Iyer Reddy Patel Singh Kumar Gupta Nair Rao Menon Das Mukherjee Banerjee
        Chatterjee Joshi Kulkarni Deshpande Patil Shetty Hegde Gowda Naidu Chowdhury Mehta Shah
        Desai Bhat Krishnamurthy Venkataraman Subramaniam Pillai Varma Mishra Tiwari Pandey Yadav
        Chauhan Malhotra Kapoor Khanna Khan Ansari Sheikh D'Souza Fernandes Pinto Thomas Mathew
        Gill Sandhu Bose Sengupta Ghosh Dutta Agarwal Bansal Goel Jain""",
    "JP": """田中:Tanaka 佐藤:Sato 鈴木:Suzuki 高橋:Takahashi 伊藤:Ito 渡辺:Watanabe 山本:Yamamoto
        中村:Nakamura 小林:Kobayashi 加藤:Kato 吉田:Yoshida 山田:Yamada 佐々木:Sasaki
        山口:Yamaguchi 松本:Matsumoto 井上:Inoue 木村:Kimura 林:Hayashi 斎藤:Saito 清水:Shimizu
        山崎:Yamazaki 森:Mori 池田:Ikeda 橋本:Hashimoto 阿部:Abe 石川:Ishikawa 小川:Ogawa
        前田:Maeda 岡田:Okada 長谷川:Hasegawa 藤田:Fujita 後藤:Goto 近藤:Kondo 村上:Murakami
        遠藤:Endo 青木:Aoki 坂本:Sakamoto 西村:Nishimura 大野:Ōno 福田:Fukuda 太田:Ōta 三浦:Miura
        藤井:Fujii 岡本:Okamoto 金子:Kaneko 中野:Nakano""",
    "MX": """García Hernández Martínez López González Rodríguez Pérez Sánchez Ramírez Cruz Flores
        Gómez Morales Vázquez Jiménez Reyes Díaz Torres Gutiérrez Ruiz Mendoza Aguilar Ortiz
        Moreno Castillo Romero Álvarez Méndez Chávez Rivera Juárez Ramos Domínguez Herrera Medina
        Castro Vargas Guzmán Muñoz Peña Núñez Ibáñez Ordóñez Zúñiga Güemes de_la_Garza Cuauhtémoc
        Xicoténcatl Ávila Íñiguez Ocampo Quiñones""",
}

FIRST_NAMES: dict[str, tuple[Name, ...]] = {
    country: _names(text) for country, text in _FIRST.items()
}
LAST_NAMES: dict[str, tuple[Name, ...]] = {country: _names(text) for country, text in _LAST.items()}
