# ruff: noqa: RUF001 - the phrases are the catalogues' own
"""What the C library and bash say in other languages -> the English words that the signatures know.

The phrases are those of glibc's and bash's message catalogues; one of them stands for one English phrase.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

# fmt: off
PHRASES: dict[str, tuple[str, ...]] = {
    "No such file or directory": (
        "Aucun fichier ou répertoire de ce type", "Datei oder Verzeichnis nicht gefunden",
        "Δεν υπάρχει τέτοιο αρχείο ή κατάλογος", "No existe el fichero o el directorio",
        "No existe el archivo o el directorio", "Aucun fichier ou dossier de ce type",
        "Arquivo ou diretório não encontrado", "Het bestand of de map bestaat niet",
        "Nie ma takiego pliku ani katalogu", "Arquivo ou diretório inexistente",
        "Filen eller katalogen finns inte", "Ingen sådan fil eller filkatalog",
        "Ingen slik fil eller filkatalog", "Tiedostoa tai hakemistoa ei ole",
        "Böyle bir dosya ya da dizin yok", "Немає такого файла або каталогу",
        "File o directory non esistente", "Adresář nebo soubor neexistuje",
        "Nincs ilyen fájl vagy könyvtár", "Ficheiro ou pasta inexistente", "Нет такого файла или каталога",
        "Filen eller mappen finns inte", "File o directory inesistente", "Bestand of map bestaat niet",
        "そのようなファイルやディレクトリはありません", "그런 파일이나 디렉터리가 없습니다", "没有那个文件或目录", "沒有此一檔案或目錄",
    ),
    "Permission denied": (
        "Permission non accordée", "Autorizzazione negata", "Відмовлено у доступі", "Keine Zugriffsrechte",
        "Engedély megtagadva", "Keine Berechtigung", "Permissão recusada", "Отказано в доступе",
        "Permission refusée", "Zugriff verweigert", "Toegang geweigerd", "Operace zamítnuta",
        "Erişim engellendi", "Permiso denegado", "Permissão negada", "Άρνηση πρόσβασης", "Permesso negato",
        "Åtkomst nekas", "Adgang nægtet", "Brak dostępu", "Ikke tilgang", "Lupa evätty", "拒絕不符權限的操作",
        "許可がありません", "허가 거부", "权限不够",
    ),
    "Operation not permitted": (
        "Die Operation ist nicht erlaubt", "Η λειτουργία δεν επιτρέπεται", "Operationen er ikke tilladt",
        "Operasjonen er ikke tillatt", "A művelet nem engedélyezett", "Operationen inte tillåten",
        "Actie is niet toegestaan", "Toiminto ei ole sallittu", "Operazione non permessa",
        "Operación no permitida", "Operação não permitida", "Opération non permise",
        "Operacja niedozwolona", "Operace není povolena", "İşleme izin verilmedi", "Операция не позволена",
        "Дію заборонено", "許可されていない操作です", "명령을 허용하지 않음", "此項操作並不被允許", "不允许的操作",
    ),
    "Connection refused": (
        "Verbindungsaufbau abgelehnt", "Verbinding is geweigerd", "Förbindelsen förvägrad",
        "У з'єднанні відмовлено", "Connessione rifiutata", "В соединении отказано",
        "Verbindung verweigert", "Połączenie odrzucone", "Kapcsolat elutasítva", "Verbindung abgelehnt",
        "Connection rifiutata", "Bağlantı reddedildi", "Conexión rechazada", "Connexion refusée",
        "Conexión rehusada", "Spojení odmítnuto", "Oppkobling nektes", "Απόρριψη σύνδεσης",
        "Ligação recusada", "Conexão recusada", "Opkobling nægtet", "Yhteys torjuttu", "接続を拒否されました",
        "연결이 거부됨", "連線被拒絕", "拒绝连接",
    ),
    "Connection timed out": (
        "Connexion terminée par expiration du délai d'attente",
        "Die Wartezeit für die Verbindung ist abgelaufen", "Przekroczony czas oczekiwania na połączenie",
        "Перевищено інтервал очікування з'єднання", "Spojení bylo příliš dlouho neaktivní",
        "Oppkoblingen overskred tidsgrensen", "Opkoblingen overskred tidsgrænsen",
        "Время ожидания соединения истекло", "Zeitüberschreitung der Verbindung",
        "Förbindelsens tidsgräns löpte ut", "Verbindungszeitüberschreitung",
        "Expiró el tiempo de conexión", "Tempo esgotado para conexão", "Időtúllépés a kapcsolatban",
        "Délai d'attente dépassé", "Verbinding is verlopen", "Bağlantıda zaman aşımı",
        "Yhteys aikakatkaistu", "Connessione scaduta", "Expiró la conexión", "Ligação expirada",
        "Λήξη σύνδεσης", "接続がタイムアウトしました", "연결 시간 초과", "連線超過時間", "连接超时",
    ),
    "Connection reset by peer": (
        "Die Verbindung wurde vom Kommunikationspartner zurückgesetzt",
        "Connexion ré-initialisée par le correspondant", "Conexión reinicializada por la máquina remota",
        "Connessione interrotta dal corrispondente", "Połączenie zerwane przez drugą stronę",
        "Forbindelsen brutt i den andre enden", "Соединение разорвано другой стороной",
        "Forbindelsen brudt i den anden ende", "A kapcsolatot bontotta a távoli fél",
        "Förbindelse borttagen av partnern", "Conexão fechada pela outra ponta",
        "Spojení zrušeno druhou stranou", "Η σύνδεση έκλεισε από το ταίρι", "Ligação reposta pelo peer",
        "Verbinding is weggevallen", "Bağlantı karşıdan kesildi", "Вузол розірвав з’єднання",
        "Vastapää sulki yhteyden", "接続が相手からリセットされました", "상대편이 연결을 끊음", "连接被对方重设", "連線被對方重設",
    ),
    "No route to host": (
        "Aucun chemin d'accès pour atteindre l'hôte cible", "No existe ninguna ruta hasta el `host",
        "Δεν υπάρχει διαδρομή στο σύστημα", "Nessun instradamento per l'host",
        "Makinaya ağ üzerinden yol yok", "Sem caminho para o anfitrião", "Ingen rute til værtsmaskinen",
        "Ingen rute til vertsmaskinen", "Keine Route zum Zielrechner", "K počítači neexistuje cesta",
        "Reititystä koneeseen ei ole", "No hay ruta hasta el host", "Nincs útvonal a gép felé",
        "Não há rota para o host", "Немає маршруту до вузла", "Geen route naar host",
        "Нет маршрута до узла", "Brak trasy do hosta", "Ingen väg till värd", "Kein Weg zum Host",
        "ホストへの経路がありません", "호스트로 갈 루트가 없음", "找不到通往該主機的路由路徑", "没有到主机的路由",
    ),
    "Network is unreachable": (
        "Не вдалося отримати доступ до мережі", "Das Netzwerk ist nicht erreichbar",
        "Το δίκτυο δεν είναι προσπελάσιμο", "Nettverket er ikke tilgjengelig",
        "Le réseau n'est pas accessible", "Netværket er ikke tilgængeligt",
        "Ağ erişilebilir durumda değil", "La rete non è raggiungibile", "A rede está fora de alcance",
        "Netwerk is onbereikbaar", "Nätverket kan inte nås", "A hálózat elérhetetlen",
        "La red es inaccesible", "Sieć jest niedostępna", "Verkkoa ei tavoiteta", "Síť není dostupná",
        "Rede inacessível", "Сеть недоступна", "네트워크가 접근 불가능합니다", "ネットワークに届きません", "無法接觸網路", "网络不可达",
    ),
    "Name or service not known": (
        "Der Name oder der Dienst ist nicht bekannt", "Το όνομα ή η υπηρεσία δεν είναι γνωστά",
        "A név vagy a szolgáltatás nem ismert", "Ta nazwa lub usługa jest nieznana",
        "Nombre o servicio desconocido", "Nome ou serviço desconhecidos", "Naam of dienst is niet bekend",
        "Nimeä tai palvelua ei tunneta", "Nome ou serviço desconhecido", "İsim ya da servis bilinmiyor",
        "Nome o servizio sconosciuto", "Navn eller tjeneste ukendt", "Navn eller tjeneste ukjent",
        "Неизвестное имя или служба", "Neznámé jméno nebo služba", "Невідома назва чи сервіс",
        "Namn eller tjänst okänd", "Nom ou service inconnu", "이름 혹은 서비스를 알 수 없습니다", "名前またはサービスが不明です",
        "未知的名称或服务", "名稱或服務未知",
    ),
    "Temporary failure in name resolution": (
        "Errore temporaneo nella risoluzione del nome", "Προσωρινή αποτυχία κατά την ανάλυση ονόματος",
        "Odwzorowanie nazwy jest chwilowo niemożliwe", "Échec temporaire dans la résolution du nom",
        "Fallo temporal en la resolución del nombre", "Temporärer Fehler bei der Namensauflösung",
        "İsim çözünürlüğünde geçici başarısızlık", "Namnuppslagning misslyckades temporärt",
        "Falha temporária na resolução de nome", "Falha temporário na resolução de nome",
        "Tijdelijk probleem in naamsherleiding", "Dočasná chyba při vyhodnocování jména",
        "Tilapäinen virhe nimenselvityksessä", "Тимчасова помилка розв'язання назв",
        "Временный сбой в разрешении имен", "Midlertidig feil i navneoppslag",
        "Midlertidig fejl i navneopslag", "Átmeneti névfeloldási hiba", "name resolution에서 일시적인 실패",
        "名前解決に一時的に失敗しました", "解析名稱時發生暫時性錯誤", "域名解析暂时失败",
    ),
    "No space left on device": (
        "Auf dem Gerät ist kein Speicherplatz mehr verfügbar",
        "Aucun espace disponible sur le périphérique", "На устройстве не осталось свободного места",
        "Não há espaço disponível no dispositivo", "Δεν έμεινε καθόλου χώρος στη συσκευή",
        "No queda espacio en el dispositivo", "Geen ruimte meer over op apparaat",
        "Laitteella ei ole tilaa jäljellä", "Sem espaço livre no dispositivo",
        "Недостатньо місця на пристрої", "Na zařízení není volné místo", "Spazio esaurito sul device",
        "Brak miejsca na urządzeniu", "Ikke mere plads på enheden", "Aygıt üzerinde boş yer yok",
        "Ikke mer plass på enheten", "Nincs több hely a lemezen", "Enheten är full", "デバイスに空き領域がありません",
        "장치에 남은 공간이 없음", "裝置上已無多餘空間", "设备上没有空间",
    ),
    "Is a directory": (
        "Ist ein Verzeichnis", "Es un directorio", "Er et filkatalog", "Er en filkatalog",
        "È una directory", "Jest katalogiem", "Ez egy könyvtár", "Είναι κατάλογος", "est un dossier",
        "É um diretório", "Är en katalog", "je adresářem", "On hakemisto", "Это каталог", "Є каталогом",
        "Is een map", "Bir dizin", "ディレクトリです", "É pasta", "디렉터리입니다", "是一个目录", "是個目錄",
    ),
    "Not a directory": (
        "Ist kein Verzeichnis", "N'est pas un dossier", "No es un directorio", "Non è una directory",
        "Nie jest katalogiem", "Δεν είναι κατάλογος", "Não é um diretório", "Ikke en filkatalog",
        "Ei ole hakemisto", "Inte en katalog", "Ikke et katalog", "Bir dizin değil", "není adresářem",
        "Это не каталог", "Не є каталогом", "ディレクトリではありません", "Nem könyvtár", "Não é pasta", "Is geen map",
        "디렉터리가 아닙니다", "並不是一個目錄", "不是目录",
    ),
    "Read-only file system": (
        "Système de fichiers accessible en lecture seulement",
        "Файловая система доступна только для чтения", "Sistema de arquivos somente para leitura",
        "Kirjoitussuojattu tiedostojärjestelmä", "Файлова система тільки для зчитування",
        "Sistema de ficheros de sólo lectura", "Sistema de ficheiros só de leitura",
        "System plików wyłącznie do odczytu", "Systém souborů je pouze pro čtení",
        "Bestandssysteem is alleen-lezen", "Αναγνώσιμο-μόνο σύστημα αρχείων",
        "Das Dateisystem ist nur lesbar", "Filsystem med kun lesetilgang", "Filsystem med kun læseadgang",
        "File system in sola lettura", "Salt-okunur dosya sistemi", "Írásvédett fájlrendszer",
        "Skrivskyddat filsystem", "読み込み専用ファイルシステムです", "읽기전용 파일 시스템", "唯讀的檔案系統", "只读文件系统",
    ),
    "command not found": (
        "nie znaleziono polecenia", "Kommando nicht gefunden", " : commande introuvable",
        "no se encontró la orden", "comando não encontrado", "opdracht niet gevonden",
        "parancs nem található", "Befehl nicht gefunden", "kommandot finns inte", "kommando ikke fundet",
        "commande introuvable", "orden no encontrada", "comando non trovato", "команду не знайдено",
        "fant ikke kommando", "команда не найдена", "εντολή δεν βρέθηκε", "komentoa ei löydy",
        "příkaz nenalezen", "comandă negăsită", "コマンドが見つかりません", "명령어를 찾을 수 없음", "komut yok", "未找到命令",
        "指令找不到",
    ),
    "unbound variable": (
        "не заданы границы переменной", "variabile non assegnata", "μεταβλητή χωρίς σύνδεση",
        "Nicht gesetzte Variable", "variável não associada", "variable sans liaison",
        "variável desassociada", "variable sin asignar", "ongebonden variabele", "nieustawiona zmienna",
        "variabilă neasociată", "bağlanmamış değişken", "sitomaton muuttuja", "ist nicht gesetzt",
        "nevázaná proměnná", "utildelt variabel", "неозначена змінна", "variable non liée",
        "obunden variabel", "ubundet variabel", "kötetlen változó", "未割り当ての変数です", "바인딩 해제한 변수", "未绑定的变量",
        "未綁定的變數",
    ),
    "parameter not set": (
        "Der Parameter ist nicht gesetzt", "parameter is niet ingesteld", "a paraméter nincs beállítva",
        "παράμετρος δεν έχει οριστεί", "parâmetro não inicializado", "parameter har ingen verdi",
        "parámetro no establecido", " : paramètre non défini", "parametern är inte satt",
        "параметр не встановлено", "parâmetro não definido", "parametre ayarlanmamış",
        "parametr nieustawiony", "parametr nenastaven", "parametru nedefinit", "параметр не задан",
        "パラメータが設定されていません", "매개변수값 설정 안함", "参数未设置", "參數未設定",
    ),
    "parameter null or not set": (
        "parametria ei ole tai sitä ei ole asetettu", "parameter har null-verdi eller står tomt",
        "параметр нульової довжини чи не вказаний", "Parameter ist leer oder nicht gesetzt",
        "a paraméter null vagy nincs beállítva", "parameter null eller ikke indstillet",
        "parâmetro nulo ou não inicializado", "parametre boş veya değer atanmamış",
        "παράμετρος κενή ή δεν έχει οριστεί", "lege parameter, of niet ingesteld",
        "parámetro nulo o no establecido", "parametro nullo o non impostato",
        "parametr pusty lub nieustawiony", "parâmetro nulo ou não definido",
        "parametern tom eller inte satt", "parametr null nebo nenastaven", "paramètre vide ou non défini",
        "параметр не задан или пустой", "parametru nul sau nedefinit", "パラメータが null または設定されていません",
        "매개변수 값이 null 이거나 설정하지 않음", "参数为空或未设置", "參數為空或未設定",
    ),
}

# fmt: on

_LINE = re.compile(
    r"(?<=: )(?:Zeile|ligne|línea|linea|riga|linha|regel|rad|linje|linia|linia|řádek|rivi|sor|linia|satır"
    r"|строка|рядок"
    r"|γραμμή|第)\s?(\d+)\s?(?:行目?)?\s?:"
)


def translate(lines: Sequence[str]) -> dict[int, str]:
    """The lines that hold a known foreign phrase, by index, with that phrase in English."""
    text = "\n".join(lines)
    present = [(phrase, english) for english, phrases in PHRASES.items() for phrase in phrases if phrase in text]
    if not present:
        return {}
    translated = {}
    for index, line in enumerate(lines):
        changed = line
        for phrase, english in present:
            if phrase in changed:
                changed = changed.replace(phrase, english, 1)
        if changed is not line:  # French puts a space before its colons, others a full stop at the end
            changed = _LINE.sub(r"line \1:", changed.replace("\u00a0", " ").replace(" : ", ": "))
            translated[index] = changed.removesuffix(".")
    return translated
