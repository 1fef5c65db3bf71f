import sys, torch
from itertools import islice
torch.set_num_threads(1)
from bench.strokes import FURTHER, DRAWINGS, _painted
from lib.data import prepare
from lib.explain.familiar import acquaint
from lib.runs.ready import ready_net
from lib.training import predict
from tests.drawings.photo import photos_of
from tests.drawings.sheet import drawings
name, each, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
ready=ready_net(name); data,(_,net)=ready.dataset, ready.model()
known=acquaint(net,data.train,data.valid)
n=wrong=sure=kept_wrong=kept_sure=away=0; likes=[]; rows=[]
for kind,pic in photos_of(FURTHER[name],each,seed):
    x=prepare(pic,data).tensor; p=predict(net,x)[0]; a=data.classes[int(p.argmax())]; k=bool(known.knows(x)[0]); like=float(known.likeness(x)[0])
    n+=1; away+=not k; likes.append((like,a==kind))
    if a!=kind:
        wrong+=1; s=float(p.max())>.9; sure+=s; kept_wrong+=k; kept_sure+=s and k; rows.append((kind,a,round(float(p.max()),3),k,round(like,3)))
print(name,'photos',n,'right',round(1-wrong/n,4),'wrong',wrong,'sure>0.9',sure,'| answered wrong',kept_wrong,'of them sure',kept_sure,'| away',away, round(away/n,4),'threshold',round(known.threshold,4))
print(rows)
t=torch.tensor([l for l,_ in likes]); print('quantiles 1,2,3,5 %',[round(float(t.quantile(q)),4) for q in (.01,.02,.03,.05)])
c=torch.cat([prepare(p,data).tensor for _,p in _painted(drawings(FURTHER[name]))]); l=known.likeness(c); print('canvas away', float((l<known.threshold).float().mean()), [round(float(l.quantile(q)),4) for q in (.01,.02,.03,.05)])
torch.save(likes,f'/tmp/likes_{name}.pt')
