#!/usr/bin/env python3
"""Makes the sample day in the folder above: python3 data/sample/make/make_sample.py

Everything is invented: prices, tokens, people, positions. Symbols, lot and freeze sizes are of the kind the exchange uses, so
that the demonstration looks like a day. The same script always writes the same bytes. Money is in whole paise throughout.
"""
import csv
import math
import random
from pathlib import Path

OUT = Path(__file__).resolve().parent.parent
BUSINESS_DATE = "20261119"
MEMBER = "90123"
EXPIRIES = [("2030-12-31", "30DEC"), ("2031-06-24", "31JUN")]
CHANCE = random.Random(20261119)

# underlying: (spot in paise, lot, freeze, strike step in rupees, strikes each side, options of how many expiries, tick of the future)
INDICES = {
    "NIFTY": (2_512_340, 65, 1800, 100, 8, 1, 10),
    "BANKNIFTY": (5_486_575, 30, 600, 500, 5, 1, 20),
    "FINNIFTY": (2_604_185, 60, 1800, 200, 1, 1, 10),
    "MIDCPNIFTY": (1_338_760, 120, 2800, 100, 1, 1, 5),
    "NIFTYNXT50": (6_871_025, 25, 600, 500, 0, 0, 20),
}
# underlying: (lot, freeze, strike step in rupees, strikes each side)
STOCK_CONTRACTS = {
    "RELIANCE": (500, 15_000, 20, 2), "TCS": (225, 7_000, 50, 1), "INFY": (400, 16_000, 20, 2), "HDFCBANK": (650, 27_500, 10, 2),
    "SBIN": (750, 30_000, 10, 2), "TATASTEEL": (2_750, 165_000, 5, 1), "ITC": (1_725, 64_000, 5, 0), "MARUTI": (50, 1_500, 100, 0),
}
# symbol: (company, price in paise, tick in paise)
SHARES = {
    "RELIANCE": ("RELIANCE INDUSTRIES", 148_210, 10), "TCS": ("TATA CONSULTANCY SERV LT", 341_560, 10), "INFY": ("INFOSYS", 158_935, 10),
    "HDFCBANK": ("HDFC BANK", 101_245, 5), "ICICIBANK": ("ICICI BANK", 142_180, 10), "SBIN": ("STATE BANK OF INDIA", 88_765, 5),
    "ITC": ("ITC", 41_830, 5), "TATASTEEL": ("TATA STEEL", 17_216, 1), "MARUTI": ("MARUTI SUZUKI INDIA", 1_534_000, 100),
    "LT": ("LARSEN & TOUBRO", 384_420, 10), "AXISBANK": ("AXIS BANK", 118_790, 10), "BHARTIARTL": ("BHARTI AIRTEL", 196_350, 10),
    "TITAN": ("TITAN COMPANY", 367_280, 10), "WIPRO": ("WIPRO", 25_614, 1), "SUNPHARMA": ("SUN PHARMACEUTICAL IND L", 169_540, 10),
    "ASIANPAINT": ("ASIAN PAINTS", 247_960, 10), "NESTLEIND": ("NESTLE INDIA", 121_870, 10), "ULTRACEMCO": ("ULTRATECH CEMENT", 1_198_500, 100),
    "HINDUNILVR": ("HINDUSTAN UNILEVER", 241_330, 10), "KOTAKBANK": ("KOTAK MAHINDRA BANK", 211_450, 10), "BAJAJ-AUTO": ("BAJAJ AUTO", 876_350, 50),
    "M&M": ("MAHINDRA & MAHINDRA", 357_120, 10), "POWERGRID": ("POWER GRID CORP", 28_745, 5), "NTPC": ("NTPC", 33_410, 5),
    "ONGC": ("OIL AND NATURAL GAS CORP", 24_682, 1), "COALINDIA": ("COAL INDIA", 38_525, 5), "TATAMOTORS": ("TATA MOTORS", 69_870, 5),
    "JSWSTEEL": ("JSW STEEL", 114_260, 10), "GRASIM": ("GRASIM INDUSTRIES", 278_930, 10), "HCLTECH": ("HCL TECHNOLOGIES", 167_880, 10),
    "TECHM": ("TECH MAHINDRA", 152_390, 10), "DRREDDY": ("DR. REDDY S LABORATORIES", 126_440, 10), "CIPLA": ("CIPLA", 154_710, 10),
    "APOLLOHOSP": ("APOLLO HOSPITALS ENTER. L", 741_250, 50), "HDFCLIFE": ("HDFC LIFE INS CO", 76_385, 5), "BPCL": ("BHARAT PETROLEUM CORP", 34_920, 5),
    "VEDL": ("VEDANTA", 45_675, 5), "YESBANK": ("YES BANK", 2_174, 1), "IDEA": ("VODAFONE IDEA", 912, 1), "SUZLON": ("SUZLON ENERGY", 6_348, 1),
}
FIRST = "Aarav Diya Ishaan Kavya Rohan Meera Vivaan Ananya Arjun Saanvi Kabir Nisha Dev Priya Manav Ritu Yash Tara Neel Asha".split()
LAST = "Sample Demo Trial Example Specimen".split()


def rupees(paise):
    """Exact text with two decimals."""
    sign = "-" if paise < 0 else ""
    return f"{sign}{abs(paise) // 100}.{abs(paise) % 100:02d}"


def to_tick(paise, tick):
    return max(tick, int(round(paise / tick)) * tick)


def option_close(spot, strike, is_call, months):
    """A made-up premium: what it is worth at once, plus a bell of time value."""
    inner = max(0, spot - strike if is_call else strike - spot)
    bell = 0.022 * spot * math.sqrt(months) * math.exp(-((spot - strike) / (0.05 * spot)) ** 2)
    return to_tick(inner + bell, 5)


def make_instruments():
    rows, token = [], 1001
    for symbol, (company, price, tick) in SHARES.items():
        rows.append(dict(exchange="NSE", segment="NSE", symbol=symbol, name=company, type="EQ", expiry="", strike=0, tick=tick, lot=1,
                         token=token, close=price, underlying=symbol))
        token += 7
    token = 50_001
    for name, spot, lot, step, each_side, option_expiries, fut_tick in (
            [(n, v[0], v[1], v[3], v[4], v[5], v[6]) for n, v in INDICES.items()]
            + [(n, SHARES[n][1], v[0], v[2], v[3], 1 if v[3] else 0, SHARES[n][2]) for n, v in STOCK_CONTRACTS.items()]):
        for number, (expiry, code) in enumerate(EXPIRIES):
            future = to_tick(spot * (1.004 + 0.012 * number), fut_tick)
            rows.append(dict(exchange="NFO", segment="NFO-FUT", symbol=f"{name}{code}FUT", name=name, type="FUT", expiry=expiry, strike=0,
                             tick=fut_tick, lot=lot, token=token, close=future, underlying=name))
            token += 3
            if number >= option_expiries:
                continue
            middle = int(round(spot / 100 / step)) * step
            for strike in range(middle - each_side * step, middle + each_side * step + 1, step):
                for kind in ("CE", "PE"):
                    rows.append(dict(exchange="NFO", segment="NFO-OPT", symbol=f"{name}{code}{strike}{kind}", name=name, type=kind,
                                     expiry=expiry, strike=strike * 100, tick=5, lot=lot, token=token,
                                     close=option_close(spot, strike * 100, kind == "CE", 1 + number), underlying=name))
                    token += 3
    return rows


def write(name, header, rows):
    with open(OUT / name, "w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(header)
        out.writerows(rows)


def write_masters(instruments):
    write("instruments.csv",
          "instrument_token,exchange_token,tradingsymbol,name,last_price,expiry,strike,tick_size,lot_size,instrument_type,segment,exchange".split(","),
          [[i["token"] * 256 + (1 if i["exchange"] == "NSE" else 2), i["token"], i["symbol"], i["name"],
            rupees(i["close"]) if i["exchange"] == "NSE" else "0.0", i["expiry"], rupees(i["strike"]), rupees(i["tick"]), i["lot"],
            i["type"], i["segment"], i["exchange"]] for i in instruments])
    write("closes.csv", ["exchange", "tradingsymbol", "close"], [[i["exchange"], i["symbol"], rupees(i["close"])] for i in instruments])
    freezes = [(n, v[2]) for n, v in INDICES.items()] + [(n, v[1]) for n, v in STOCK_CONTRACTS.items()]
    with open(OUT / "qtyfreeze.csv", "w") as file:
        file.write("S.No.,SYMBOL    ,VOL_FRZ_QTY    \n")
        for number, (symbol, quantity) in enumerate(freezes, start=1):
            file.write(f"{number:<5},{symbol:<10},{quantity:<15}\n")


def family(instrument):
    return ("ID" if instrument["name"] in INDICES else "ST") + ("F" if instrument["type"] == "FUT" else "O")


def write_bhavcopy(instruments):
    header = ("TradDt,BizDt,Sgmt,Src,FinInstrmTp,FinInstrmId,ISIN,TckrSymb,SctySrs,XpryDt,FininstrmActlXpryDt,StrkPric,OptnTp,FinInstrmNm,"
              "OpnPric,HghPric,LwPric,ClsPric,LastPric,PrvsClsgPric,UndrlygPric,SttlmPric,OpnIntrst,ChngInOpnIntrst,TtlTradgVol,TtlTrfVal,"
              "TtlNbOfTxsExctd,SsnId,NewBrdLotQty,Rmks,Rsvd1,Rsvd2,Rsvd3,Rsvd4").split(",")
    day = f"{BUSINESS_DATE[:4]}-{BUSINESS_DATE[4:6]}-{BUSINESS_DATE[6:]}"
    spots = {**{n: v[0] for n, v in INDICES.items()}, **{n: v[1] for n, v in SHARES.items()}}
    rows = []
    for i in instruments:
        if i["exchange"] != "NFO":
            continue
        close, option = i["close"], i["type"] != "FUT"
        previous = to_tick(close * (1 + CHANCE.uniform(-0.03, 0.03)), i["tick"])
        traded = i["lot"] * CHANCE.randrange(50, 5000)
        rows.append([day, day, "FO", "NSE", family(i), i["token"], "", i["name"], "", i["expiry"], i["expiry"],
                     rupees(i["strike"]) if option else "", i["type"] if option else "", i["symbol"],
                     rupees(previous), rupees(max(close, previous)), rupees(min(close, previous)), rupees(close), rupees(close),
                     rupees(previous), rupees(spots[i["name"]]), rupees(close), traded * 3, i["lot"], traded,
                     rupees(traded * close), CHANCE.randrange(20, 900), "F1", i["lot"], "", "", "", "", ""])
    write(f"BhavCopy_NSE_FO_0_0_0_{BUSINESS_DATE}_F_0000.csv", header, rows)


def make_clients():
    clients = [[f"DEMO{n:02d}", f"{FIRST[n - 1]} Demo", n] for n in range(1, 6)]
    clients += [[f"BX{10_000 + n}", f"{FIRST[n % len(FIRST)]} {LAST[n % len(LAST)]}", n] for n in range(6, 51)]
    rows = []
    for ident, name, n in clients:
        letters = chr(65 + n % 26) + chr(65 + n // 26)
        rows.append([ident, name, f"ZZZP{letters[0]}{n:04d}{letters[1]}", f"90000{n:05d}", f"{ident.lower()}@clients.example", "NSE|NFO",
                     "INACTIVE" if n == 49 else "BLOCKED" if n == 50 else "ACTIVE"])
    write("clients.csv", "client_id,name,pan,mobile,email,segments,status".split(","), rows)
    return [row[0] for row in rows]


# client: [(tradingsymbol, product, lots of a contract or shares; below 0 is short)]
DEMO_BOOKS = {
    "DEMO01": [("NIFTY30DEC25500CE", "NRML", -20), ("NIFTY30DEC25900CE", "NRML", 20), ("NIFTY30DEC24700PE", "NRML", -10),
               ("NIFTY30DEC24300PE", "NRML", 10), ("BANKNIFTY30DECFUT", "NRML", 4), ("RELIANCE", "CNC", 150), ("SBIN", "MIS", -400),
               ("INFY", "MIS", 250)],
    "DEMO02": [("HDFCBANK", "CNC", 320), ("TCS", "MIS", 75), ("TATASTEEL", "MIS", -3_000), ("YESBANK", "CNC", 25_000),
               ("BAJAJ-AUTO", "CNC", 12), ("M&M", "MIS", -60), ("ITC", "CNC", 900)],
    "DEMO03": [("RELIANCE30DECFUT", "NRML", 3), ("RELIANCE30DEC1520CE", "NRML", -3), ("SBIN30DECFUT", "NRML", -2),
               ("TATASTEEL31JUNFUT", "NRML", 1), ("HDFCBANK30DEC1000PE", "NRML", -4), ("INFY30DEC1620CE", "NRML", 5)],
    "DEMO04": [("NIFTY30DEC25100PE", "NRML", -90), ("NIFTY30DEC25100CE", "NRML", -90), ("BANKNIFTY30DEC55000CE", "NRML", 62),
               ("NIFTY31JUNFUT", "NRML", 40), ("MIDCPNIFTY30DECFUT", "NRML", -25)],
    "DEMO05": [("NIFTY30DECFUT", "NRML", 2)],
}


def make_positions(instruments, clients):
    by_symbol = {i["symbol"]: i for i in instruments}
    contracts = [i for i in instruments if i["exchange"] == "NFO"]
    shares = [i for i in instruments if i["exchange"] == "NSE"]
    carried = []
    for client, book in DEMO_BOOKS.items():
        for symbol, product, size in book:
            carried.append((client, by_symbol[symbol], product, size * by_symbol[symbol]["lot"]))
    for client in clients[len(DEMO_BOOKS):]:
        for instrument in CHANCE.sample(contracts, CHANCE.randrange(2, 6)):
            carried.append((client, instrument, "NRML", instrument["lot"] * CHANCE.choice([-6, -3, -2, -1, 1, 2, 3, 4, 8])))
        for instrument in CHANCE.sample(shares, CHANCE.randrange(1, 5)):
            product = CHANCE.choice(["CNC", "CNC", "MIS"])
            carried.append((client, instrument, product, CHANCE.choice([10, 25, 60, 100, 400]) * (CHANCE.choice([1, -1]) if product == "MIS" else 1)))
    return carried


def write_positions(carried):
    header = ("Sgmt,Src,RptgDt,BizDt,TradRegnOrgn,ClrMmbId,BrkrOrCtdnPtcptId,ClntTp,ClntId,FinInstrmTp,ISIN,TckrSymb,XpryDt,FininstrmActlXpryDt,"
              "StrkPric,OptnTp,NewBrdLotQty,OpngLngQty,OpngLngVal,OpngShrtQty,OpngShrtVal,OpnBuyTradgQty,OpnBuyTradgVal,OpnSellTradgQty,"
              "OpnSellTradgVal,PreExrcAssgndLngQty,PreExrcAssgndLngVal,PreExrcAssgndShrtQty,PreExrcAssgndShrtVal,ExrcdQty,AssgndQty,"
              "PstExrcAssgndLngQty,PstExrcAssgndLngVal,PstExrcAssgndShrtQty,PstExrcAssgndShrtVal,SttlmPric,RefRate,PrmAmt,"
              "DalyMrkToMktSettlmVal,FutrsFnlSttlmVal,ExrcAssgndVal,Rmks,Rsvd1,Rsvd2,Rsvd3,Rsvd4").split(",")
    rows, cash = [], []
    for client, i, product, quantity in carried:
        if i["exchange"] == "NSE":
            average = to_tick(i["close"] * (1 + CHANCE.uniform(-0.08, 0.06)), i["tick"])
            cash.append([client, "NSE", i["symbol"], product, quantity, rupees(average)])
            continue
        long, short, option = max(0, quantity), max(0, -quantity), i["type"] != "FUT"
        value_long, value_short = rupees(long * i["close"]), rupees(short * i["close"])
        rows.append(["FO", "NCL", BUSINESS_DATE, BUSINESS_DATE, 1, MEMBER, MEMBER, "C", client, family(i), "", i["name"],
                     i["expiry"].replace("-", ""), i["expiry"].replace("-", ""), rupees(i["strike"]) if option else "",
                     i["type"] if option else "", i["lot"], long, value_long, short, value_short, 0, 0, 0, 0, long, value_long, short, value_short,
                     0, 0, long, value_long, short, value_short, rupees(i["close"]), "", 0, 0, 0, 0, "", "", "", "", ""])
    write(f"Position_NCL_FO_0_TM_{MEMBER}_{BUSINESS_DATE}_F_0000.csv", header, rows)
    write("cash_positions.csv", "client_id,exchange,tradingsymbol,product,overnight_quantity,average_price".split(","), cash)
    return len(rows), len(cash)


if __name__ == "__main__":
    INSTRUMENTS = make_instruments()
    write_masters(INSTRUMENTS)
    write_bhavcopy(INSTRUMENTS)
    CLIENTS = make_clients()
    counts = write_positions(make_positions(INSTRUMENTS, CLIENTS))
    print(f"{len(INSTRUMENTS)} instruments, {len(CLIENTS)} clients, {counts[0]} positions in contracts, {counts[1]} in shares")
