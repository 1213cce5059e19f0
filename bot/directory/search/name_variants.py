"""Variants of given names that English lists of nicknames lack: *kasia* is short for Katarzyna.

Each line has the forms of one name in several languages, full and short, normalized. A line that
is indented further continues the line before it.
"""

from __future__ import annotations

from collections import defaultdict

_LINES = """
    adalbert wojciech wojtek vojtech
    aleksandr alexander alessandro alejandro aleksander sasha sascha sacha alyosha olek alex sandro
    aleksandra alexandra alessandra alejandra sasha sascha sacha ola olya sandra alex
    anastasia anastasija nastya stasya
    andrew andre andrei andrey andrzej andreas andres anders andy
    anna anne ann ania anya hanna hannah ana annie anita
    antonio anton antoni antoine anthony antek tony tonio toni
    barbara basia barb barbie babs
    benedikt benedict benedetto bendik ben
    bernhard bernard bernd bernie
    bronislaw bronek
    catherine katherine kathryn katharina katarina katarzyna ekaterina kasia katya kat kate kathy
    christian kristian krystian christiaan chris kris
    christina kristina krystyna christine kristin krysia tina chris kris
    christopher christoph kristoffer krzysztof christophe krzysiek kristofer chris kris topher
    daniel daniele danilo danek dan danny
    david dawid davide dave davey davy
    dmitri dmitry dimitri dima mitya
    edward eduard eduardo edoardo edek ed eddie
    elizabeth elisabeth elzbieta elisabetta isabel ela liz lisa elsa bettina sissi
    emil emilio emile
    eugene eugen eugenio evgeny yevgeny zhenya gene
    felipe philip phillip philipp philippe filip filippo phil pip
    ferdinand fernando hernando nando
    francis francisco francesco franz franciszek francois frank paco pancho franek franco
    frederick frederik friedrich federico fryderyk fredrik fred freddy freddie fritz fredek
    gabriel gabriele gavriel gabe gabi
    george georg jorge giorgio georges jerzy yuri jurek jiri jurgen juergen goran
    gerhard gerard gerardo gerd
    gregory grzegorz gregorio gregor grigory grzesiek grisha greg
    giovanni john johannes johann jan juan ivan jean joao ian sean hans jon vanya janek gianni
    giuseppe joseph josef jose jozef josip beppe pepe joe joey sepp
    guadalupe lupe lupita
    henry heinrich henrik enrique enrico henri henryk heinz harry hank heiner
    ignacio ignatius ignacy nacho
    irena irene irina ira
    jacob jakob jakub jacopo jacques james diego santiago jaime iago kuba jake jim jimmy
    jadwiga hedwig jadzia hedy
    jaroslaw jaroslav jarek
    joanna joana johanna jana asia joasia jo
    julian julien julius giulio julio jules
    kazimierz casimir kazik
    konstantin constantin constantine kostya kostas
    krzysztof krzysiek
    laurence lawrence lorenzo lorenz laurent larry lars lorenzino
    leonard leonhard leonardo leo leon len lenny
    louis luis luigi ludwig lewis ludwik louie lou
    lucas lukas luke luca lukasz luc
    magdalena madeleine magda madeline lena
    malgorzata margaret margarita margherita marguerite margarete gosia malgosia greta gretchen
        rita maggie meg peggy
    marek mark marc marco marcus markus marcos
    maria mary marie mariya maryam masha marysia mia molly polly
    matthew matteo matthias mateusz mateo mathieu mattias matthieu matias matt matty
    maximilian massimo maksim maxim max maks
    michael michal mikhail michel miguel michele mikael mikhael misha michi mike mick mischa
    mohammed mohammad muhammad mohamed mohamad muhammed mo
    natalia natalya natalie nathalie natasha natasza nat
    nicholas nikolai nikolaus niklas nicolas nicola mikolaj nicolaus kolya klaus nick nico niko
    olga ola olya
    pablo paul paolo pavel pawel paulo pavlo pasha
    peter pedro pierre piotr pietro petr pjotr piet petya pete
    philomena mena
    rafael raphael raffaele rafal rafa rafe
    robert roberto rupert bob rob bobby robbie
    rudolf rudolph rodolfo rudi rudy
    salvatore salvador toto
    sebastian sebastien sebastiano basti seb
    sergei sergey sergio serge serhiy seryozha
    siobhan joan shivaun chevonne
    sofia sophie sophia sofie zofia sonya zosia
    stanislaw stanislav staszek stas stan
    stephen steven stefan stephan stefano esteban etienne szczepan istvan steve steph
    susan susanne suzanne susanna zuzanna zuzana sue susie suzie suzy zuza
    svetlana sveta lana
    tadeusz thaddeus tadek
    tatiana tatyana tanya tania
    thomas tomas tomasz tommaso tom tommy tomek tomi
    timothy timofey timotheus tim timmy timo
    theresa teresa therese teresita terry tess
    vladimir wladimir volodymyr vova volodya vlad
    william wilhelm guillermo guillaume guglielmo willem bill will willi willy billy memo
    yekaterina ekaterina katya
    zbigniew zbyszek
"""


def _groups_of_name() -> dict[str, tuple[tuple[str, ...], ...]]:
    """Return the groups that each name is in; *sandra* can stand for two names."""
    groups: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for line in _LINES.replace("\n        ", " ").splitlines():
        group = tuple(line.split())
        for name in group:
            groups[name].append(group)
    return {name: tuple(found) for name, found in groups.items()}


GROUPS_OF_NAME = _groups_of_name()
